-- Changes some forms of the memory in one step, unless it has changed since they were decided on.
-- KEYS: meta, shards.  ARGV: version they were decided on, form of the digests, number of counters, for each counter its
-- name and what to add, then for each form: the number of its shard, its digest, its variants.
-- Gives {"ok" | "moved", version}.
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= tonumber(ARGV[1]) then return {'moved', version} end
local at = 4
for _ = 1, tonumber(ARGV[3]) do
  redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for i = at, #ARGV, 3 do
  redis.call('HSET', KEYS[1 + tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2])
end
redis.call('HSET', KEYS[1], 'form', ARGV[2])
return {'ok', redis.call('HINCRBY', KEYS[1], 'version', 1)}
