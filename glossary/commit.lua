-- Changes some terms in one step: all of them or, where one does not fit, none.
-- KEYS: version, terms, log.  ARGV: who, ms, what it is about, the version it was decided on (or none), then for each term: what ("add", "change", "put", "delete"), id, JSON.
-- Gives {"ok", version}, {"exists" | "missing", id} or {"moved", version}.
if ARGV[4] ~= '' and ARGV[4] ~= (redis.call('GET', KEYS[1]) or '0') then
  return {'moved', redis.call('GET', KEYS[1]) or '0'}
end
for i = 5, #ARGV, 3 do
  local there = redis.call('HEXISTS', KEYS[2], ARGV[i + 1]) == 1
  if ARGV[i] == 'add' and there then return {'exists', ARGV[i + 1]} end
  if (ARGV[i] == 'change' or ARGV[i] == 'delete') and not there then return {'missing', ARGV[i + 1]} end
end
local version = redis.call('INCR', KEYS[1])
local changes = {}
for i = 5, #ARGV, 3 do
  local id, json = ARGV[i + 1], ARGV[i + 2]
  local before = redis.call('HGET', KEYS[2], id) or 'null'
  if ARGV[i] == 'delete' then
    redis.call('HDEL', KEYS[2], id)
    json = 'null'
  else
    redis.call('HSET', KEYS[2], id, json)
  end
  changes[#changes + 1] = '{"id":"' .. id .. '","before":' .. before .. ',"after":' .. json .. '}'
end
redis.call('XADD', KEYS[3], version .. '-0', 'w', ARGV[1], 't', ARGV[2], 'n', #changes, 'a', ARGV[3],
  'c', '[' .. table.concat(changes, ',') .. ']')
return {'ok', version}
