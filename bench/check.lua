-- GET /check/{endpoint}, each time for another client of eight million; the path and the key come from the environment.
local address = 0
local head = "GET " .. os.getenv("CHECK_PATH") .. " HTTP/1.1\r\nHost: bench\r\nX-Api-Key: " .. os.getenv("CHECK_KEY") ..
  "\r\nX-Forwarded-For: "
local seed = 0

function setup(thread)
  thread:set("seed", seed)
  seed = seed + 1
end

function request()
  address = address + 1
  local n = seed * 0x800000 + address % 0x800000
  return head .. "100." .. bit.band(bit.rshift(n, 16), 255) .. "." .. bit.band(bit.rshift(n, 8), 255) .. "." ..
    bit.band(n, 255) .. "\r\n\r\n"
end
