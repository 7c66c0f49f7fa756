-- Appends for conversations of one partition, each all or nothing. store/append.py says what the fields mean.
--
-- KEYS: feed, jobs, recent, then for each append: log, summary, ids
-- ARGV: consumer group, feed length, the appends as msgpack: an array of
--       {conversation, event, signal, once, job, updates {op, field, value, when}, done {partition, id}, when}
-- Reply, flat, for each append: seq, ts, outcome (0 written, 1 repeat, 2 guard did not hold, or an error's text)

local feed, jobs, recent = KEYS[1], KEYS[2], KEYS[3]
local group, feed_length = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))

local active = {}

local function holds(summary, guard)
  return (redis.call('HGET', summary, guard[1]) or '') == guard[2]
end

local function finish(done)
  if done then
    redis.call('XACK', jobs, group, done[2])
    redis.call('XDEL', jobs, done[2])
  end
end

-- Neighbouring "set"s go out as one HSET, and "del" sets the empty value, which counts as absent: each command costs
-- more by itself than by what it does.
local function update(summary, updates, fields, seq)
  local function flush()
    if #fields > 0 then
      redis.call('HSET', summary, unpack(fields))
      fields = {}
    end
  end
  for _, u in ipairs(updates) do
    local op, field, value, guard = u[1], u[2], u[3], u[4]
    if value == '@seq' then value = seq elseif value == '@ts' then value = now end
    if guard then flush() end
    if not guard or holds(summary, guard) then
      if op == 'set' or op == 'del' then
        fields[#fields + 1] = field
        fields[#fields + 1] = op == 'set' and value or ''
      else
        flush()
        if op == 'max' then
          if tonumber(value) > (tonumber(redis.call('HGET', summary, field) or '') or 0) then
            redis.call('HSET', summary, field, value)
          end
        elseif op == 'setnx' then
          if (redis.call('HGET', summary, field) or '') == '' then redis.call('HSET', summary, field, value) end
        else
          error('unknown operation')
        end
      end
    end
  end
  flush()
end

local function append(a, log, summary, ids)
  local conversation, event, signal, once, job, updates, done, guard = unpack(a, 1, 8)
  if once ~= '' then
    local first = redis.call('HGET', ids, once)
    if first then
      finish(done)
      local seq, ts = string.match(first, '^(%d+) (%d+)$')
      return seq, ts, 1
    end
  end
  local seq = redis.call('HGET', summary, 'seq') or '0'
  if guard and not holds(summary, guard) then
    finish(done)
    return seq, now, 2
  end
  local fields = {}
  if event then
    seq = string.format('%.0f', seq + 1)
    redis.call('XADD', log, seq .. '-0', 'e', event, 't', now)
    redis.call('XADD', feed, 'MAXLEN', '~', feed_length, '*', 'c', conversation, 's', seq, 't', now, 'e', event)
    if job then redis.call('XADD', jobs, '*', 'c', conversation, 's', seq, 't', now, 'j', job) end
    active[#active + 1] = now
    active[#active + 1] = conversation
    fields = {'seq', seq, 'ts', now}
  elseif signal then
    redis.call('XADD', feed, 'MAXLEN', '~', feed_length, '*', 'c', conversation, 's', '0', 't', now, 'e', signal)
  end
  if once ~= '' then redis.call('HSET', ids, once, seq .. ' ' .. now) end
  update(summary, updates, fields, seq)
  finish(done)
  return seq, now, 0
end

local reply = {}
for i, a in ipairs(cmsgpack.unpack(ARGV[3])) do
  local k = 3 * i + 1
  -- One append that is refused must not spoil its neighbours.
  local ok, seq, ts, outcome = pcall(append, a, KEYS[k], KEYS[k + 1], KEYS[k + 2])
  if not ok then
    local cause = seq
    seq, ts, outcome = '0', now, type(cause) == 'table' and cause.err or tostring(cause)
  end
  reply[#reply + 1] = tonumber(seq)
  reply[#reply + 1] = tonumber(ts)
  reply[#reply + 1] = outcome
end
if #active > 0 then redis.call('ZADD', recent, unpack(active)) end
return reply
