-- Move one job to the end of a stream (the same or another), where it counts as new.
-- KEYS: from, to   ARGV: group, entry, version that is needed ("": leave out)   Reply: 1, or 0 if it was gone
local entry = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1]
if not entry then return 0 end
local fields = {}
for i = 1, #entry[2], 2 do
  if entry[2][i] ~= 'v' then
    fields[#fields + 1] = entry[2][i]
    fields[#fields + 1] = entry[2][i + 1]
  end
end
if ARGV[3] ~= '' then
  fields[#fields + 1] = 'v'
  fields[#fields + 1] = ARGV[3]
end
redis.call('XADD', KEYS[2], '*', unpack(fields))
redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('XDEL', KEYS[1], ARGV[2])
return 1
