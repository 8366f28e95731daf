// Prints what the parser has against the document named on the command line; exits with 1 where one is an error.
import { Parser, fromFile } from '@asyncapi/parser';

const ERROR = 0;
const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
const errors = diagnostics.filter((diagnostic) => diagnostic.severity === ERROR);
for (const { path, message } of errors) {
  console.log(`${path.join('.')}: ${message}`);
}
console.log(`messages: ${document?.allMessages().length ?? 0}`);
process.exit(errors.length === 0 ? 0 : 1);
