-- http-request lua.bulwark ENDPOINT: asks Bulwark, and answers in its words where it refuses.
local KEY = assert(os.getenv("BULWARK_KEY"), "BULWARK_KEY is not set")
-- Where Bulwark is away: false refuses everybody with 503, true serves everybody.
local SERVE_UNDECIDED = false

-- Everything that came, and HAProxy's own peer behind it; the registration says how many of these are proxies.
local function forwarded_for(txn)
  local hops = {}
  local lines = txn.http:req_get_headers()["x-forwarded-for"]
  local i = 0
  while lines and lines[i] do
    hops[#hops + 1] = lines[i]
    i = i + 1
  end
  hops[#hops + 1] = txn.f:src()
  return table.concat(hops, ", ")
end

local function handed_on(answer)
  local headers = {}
  for _, name in ipairs({"content-type", "retry-after", "cache-control", "link", "x-bulwark-reference",
    "x-bulwark-remediation"}) do
    if answer.headers[name] then
      headers[name] = {answer.headers[name][0]}
    end
  end
  return {status = answer.status, headers = headers, body = answer.body}
end

-- Not where it was there and could not read the question: who sends what makes it so must not be served by that.
local function is_away(answer)
  local status = answer and answer.status or 0
  return status == 0 or status == 502 or status == 503 or status == 504
end

local function remember(txn, variable, lines)
  if lines then
    txn:set_var(variable, lines[0])
  end
end

core.register_action("bulwark", {"http-req"}, function(txn, endpoint)
  local answer = core.httpclient():get{
    url = "http://bulwark/check/" .. endpoint,
    dst = "abns@bulwark",
    -- with authorization and x-api-key, limits can count by what the client has; the key is what Bulwark knows the gateway by
    headers = {
      ["x-bulwark-key"] = {KEY},
      ["x-forwarded-for"] = {forwarded_for(txn)},
      ["authorization"] = {txn.f:req_hdr("authorization")},
      ["x-api-key"] = {txn.f:req_hdr("x-api-key")}}}
  if answer and answer.headers then
    remember(txn, "txn.bulwark_limit", answer.headers["ratelimit"])
    remember(txn, "txn.bulwark_policy", answer.headers["ratelimit-policy"])
  end
  if answer and answer.status == 200 then
    return
  end
  -- HAProxy itself answers 503 and 504 where Bulwark is away, but not with a problem
  local type = answer and answer.headers and answer.headers["content-type"]
  local is_problem = type and type[0] == "application/problem+json"
  if is_problem and (answer.status == 403 or answer.status == 429 or answer.status == 503) then
    txn:done(txn:reply(handed_on(answer)))
  elseif not (SERVE_UNDECIDED and is_away(answer)) then
    txn:done(txn:reply{
      status = 503,
      headers = {["content-type"] = {"application/problem+json"}, ["retry-after"] = {"1"}},
      body = '{"title":"Service Unavailable","status":503}'})
  end
end, 1)
