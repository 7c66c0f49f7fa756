-- Puts a staged glossary in place of the present one, unless that has changed meanwhile.
-- KEYS: version, terms, log, stage, bulk, coming.  ARGV: version that the stage was made from, who, ms, number of terms, what it is about.
-- Gives {"ok", version} or {"moved", version}.
local version = tonumber(redis.call('GET', KEYS[1]) or '0')
if version ~= tonumber(ARGV[1]) then return {'moved', version} end
version = redis.call('INCR', KEYS[1])
if redis.call('EXISTS', KEYS[4]) == 1 then
  redis.call('UNLINK', KEYS[2])
  redis.call('RENAME', KEYS[4], KEYS[2])
  redis.call('PERSIST', KEYS[2])
else
  redis.call('UNLINK', KEYS[2])
end
redis.call('XADD', KEYS[3], version .. '-0', 'w', ARGV[2], 't', ARGV[3], 'n', ARGV[4], 'a', ARGV[5], 'k', KEYS[5])
redis.call('PERSIST', KEYS[5])
redis.call('DEL', KEYS[6])  -- whatever is announced was made from an earlier version
return {'ok', version}
