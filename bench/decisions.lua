-- GET /v1/decisions?ip=, each time for another address; the key comes from the environment.
local address = -1
local tail = " HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench/1.0\r\nX-Api-Key: " .. os.getenv("DECISIONS_KEY") .. "\r\n\r\n"

function request()
  address = address + 1
  local n = address % 0x1000000
  return "GET /v1/decisions?ip=100." .. bit.rshift(n, 16) .. "." .. bit.band(bit.rshift(n, 8), 255) .. "." .. bit.band(n, 255) ..
    tail
end
