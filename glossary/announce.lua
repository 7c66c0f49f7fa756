-- Announces a large change that is on its way, or says so again; with a life of 0 takes that back. One at a time.
-- KEYS: coming.  ARGV: the announcement, seconds that it holds.  Gives 1, or 0 where another one is announced.
local there = redis.call('GET', KEYS[1])
if there and there ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
return 1
