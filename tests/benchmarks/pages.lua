-- Asks for one article after the other: OPED_BENCH_PAGES names a file with a path on each line, OPED_BENCH_FROM where
-- each thread goes on.
local paths = {}
for line in io.lines(os.getenv("OPED_BENCH_PAGES")) do paths[#paths + 1] = line end
local offset = tonumber(os.getenv("OPED_BENCH_FROM"))

setup = function(thread)
   thread:set("first", offset)
   offset = offset + 5003
end

local sent = 0
request = function()
   sent = sent + 1
   return wrk.format("GET", paths[(first + sent) % #paths + 1])
end
