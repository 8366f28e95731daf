-- check.lua, each connection after a pause of PAUSE milliseconds in the mean.
dofile("bench/check.lua")

local mean = tonumber(os.getenv("PAUSE"))

-- wrk pauses for whole milliseconds: what is cut off one pause is added to the next.
local rest = 0

function delay()
  local pause = rest - mean * math.log(1 - math.random())
  rest = pause % 1
  return math.floor(pause)
end

function done(summary, latency)
  print(string.format("PACED %.0f %.3f %.3f %.3f", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3))
end
