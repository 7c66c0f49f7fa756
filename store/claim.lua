-- Take one job over from a dead worker, unless somebody else has done so or it is finished.
-- KEYS: jobs   ARGV: group, entry, dead owner, new owner   Reply: {deliveries, fields} or nil
local held = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if not held or held[2] ~= ARGV[3] then return false end
local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[4], 0, ARGV[2])[1]
if not entry then return false end
return {held[4] + 1, entry[2]}
