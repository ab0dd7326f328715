-- Asks for one article after the other: PAGES names a file with a path on each line.
local paths = {}
for line in io.lines(os.getenv("OPED_BENCH_PAGES")) do paths[#paths + 1] = line end
local offset = 0

setup = function(thread)
   thread:set("first", offset)
   offset = offset + 5003
end

local sent = 0
request = function()
   sent = sent + 1
   return wrk.format("GET", paths[(first + sent) % #paths + 1])
end
