-- Puts staged shards in the place of present ones, unless the memory has changed since they were made.
-- KEYS: meta, for each staged shard its name and that of its stage, then shards to be dropped.
-- ARGV: version they were made from, form of the digests, number of staged shards, "all" if counters begin anew, then for
-- each counter its name and what to add.  Gives {"ok" | "moved", version}.
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= tonumber(ARGV[1]) then return {'moved', version} end
local staged = tonumber(ARGV[3])
for i = 2 * staged + 2, #KEYS do redis.call('UNLINK', KEYS[i]) end
for i = 2, 2 * staged, 2 do
  redis.call('UNLINK', KEYS[i])
  redis.call('RENAME', KEYS[i + 1], KEYS[i])
  redis.call('PERSIST', KEYS[i])
end
if ARGV[4] == 'all' then redis.call('UNLINK', KEYS[1]) end
for i = 5, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], 'form', ARGV[2], 'version', version + 1)
return {'ok', version + 1}
