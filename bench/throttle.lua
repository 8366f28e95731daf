-- POST /throttle of throttlecrab, each time with another key.
local key = 0

function request()
  key = key + 1
  local body = '{"key":"' .. key .. '","max_burst":100,"count_per_period":6000,"period":60}'
  return "POST /throttle HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: " .. #body ..
    "\r\n\r\n" .. body
end
