// @crowdsec/nodejs-bouncer against Bulwark: prints what is to be done with an address, whenever that changes.
// API_URL and API_KEY as in bouncer.yaml; arguments: live|stream ADDRESS
import {CrowdSecBouncer} from '@crowdsec/nodejs-bouncer';

const [mode, address] = process.argv.slice(2);
const client = new CrowdSecBouncer({
    url: process.env.API_URL,
    bouncerApiToken: process.env.API_KEY,
    streamMode: mode === 'stream',
    cleanIpCacheDuration: 1,
    badIpCacheDuration: 1,
});
let last;
for (;;) {
    if (mode === 'stream') {
        await client.refreshDecisions();
    }
    const {remediation} = await client.getIpRemediation(address);
    if (remediation !== last) {
        console.log(last = remediation);
    }
    await new Promise(resolve => setTimeout(resolve, 500));
}
