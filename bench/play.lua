-- Sends recorded requests in order, starting after number <place>: `wrk -s play.lua <url> -- <file> <place>`.
-- The file is a sequence of "<length>\n<HTTP request>". Prints one line of JSON; times are milliseconds.

local requests, place = {}, 0

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  place = tonumber(args[2])
  for length in file:lines() do
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format(
    '\nRESULT {"requests":%d,"perSecond":%f,"p50":%f,"p99":%f,"failed":%d}\n',
    summary.requests, summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed
  ))
end
