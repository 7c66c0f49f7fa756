-- Forget a dead worker, unless it holds jobs: deleting a consumer drops its claims, and they would be lost.
-- KEYS: jobs   ARGV: group, worker
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #flat, 2 do consumer[flat[i]] = flat[i + 1] end
  if consumer.name == ARGV[2] and consumer.pending == 0 then
    return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
  end
end
return 0
