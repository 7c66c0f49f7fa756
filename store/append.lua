-- Appends for conversations of one partition, each all or nothing. store/append.py says what the fields mean.
--
-- KEYS: feed, jobs, recent, then for each append: log, summary, ids
-- ARGV: consumer group, feed length, the appends as one flat msgpack array: for each append
--       conversation, event, signal, once, job, id of the job that is done, guard's field, guard's value, number of
--       updates, and for each update: operation, field, value, guard's field, guard's value. "" stands for none.
--       One flat array, because a table for each append and update would take a sixth of the script's time.
-- Reply, flat, for each append: seq, ts, outcome (0 written, 1 repeat, 2 guard did not hold, or an error's text)

local feed, jobs, recent = KEYS[1], KEYS[2], KEYS[3]
local group, feed_length = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))

local items = cmsgpack.unpack(ARGV[3])
local active = {}

local function finish(done)
  if done ~= '' then
    redis.call('XACK', jobs, group, done)
    redis.call('XDEL', jobs, done)
  end
end

local SET, DEL, MAX, SETNX = 1, 2, 3, 4 -- operations, numbered as in store/writer.py

-- The fields of the summary that this append looks at, all read with one command: a command costs more by itself than
-- by what it does. ``first`` to ``last``: the places of its updates.
local function read(summary, first, last, guard)
  local names = {'seq', guard ~= '' and guard or nil}
  for at = first, last, 5 do
    if items[at] >= MAX then names[#names + 1] = items[at + 1] end
    if items[at + 3] ~= '' then names[#names + 1] = items[at + 3] end
  end
  local found, values = {}, redis.call('HMGET', summary, unpack(names))
  for i, name in ipairs(names) do found[name] = values[i] or '' end
  return found
end

-- What the updates come to, in order, as one HSET takes it. DEL sets the empty value, which counts as absent.
local function change(found, first, last, seq, fields)
  for at = first, last, 5 do
    local operation, field, value, guard = items[at], items[at + 1], items[at + 2], items[at + 3]
    if value == '@seq' then value = seq elseif value == '@ts' then value = now end
    if guard == '' or found[guard] == items[at + 4] then
      if operation == DEL then
        value = ''
      elseif operation == MAX then
        if tonumber(value) <= (tonumber(found[field]) or 0) then value = nil end
      elseif operation == SETNX then
        if found[field] ~= '' then value = nil end
      elseif operation ~= SET then
        error('unknown operation')
      end
      if value then
        found[field] = tostring(value)
        fields[#fields + 1] = field
        fields[#fields + 1] = value
      end
    end
  end
end

local function repeated(first)
  local seq, ts = string.match(first, '^(%d+) (%d+)$')
  return seq, ts, 1
end

local function append(at, last, log, summary, ids)
  local conversation, event, signal, once, job, done, guard = unpack(items, at, at + 6)
  local found = read(summary, at + 9, last, guard)
  local seq = found.seq ~= '' and found.seq or '0'
  if guard ~= '' and found[guard] ~= items[at + 7] then
    local first = once ~= '' and redis.call('HGET', ids, once)
    finish(done)
    if first then return repeated(first) end
    return seq, now, 2
  end
  local fields = {}
  if event ~= '' then
    seq = string.format('%.0f', seq + 1)
    fields = {'seq', seq, 'ts', now}
  end
  change(found, at + 9, last, seq, fields)
  if once ~= '' and redis.call('HSETNX', ids, once, seq .. ' ' .. now) == 0 then
    finish(done)
    return repeated(redis.call('HGET', ids, once))
  end
  if event ~= '' then
    local written = redis.pcall('XADD', log, seq .. '-0', 'e', event, 't', now)
    if written.err then
      if once ~= '' then redis.call('HDEL', ids, once) end
      error(written)
    end
    redis.call('XADD', feed, 'MAXLEN', '~', feed_length, '*', 'c', conversation, 's', seq, 't', now, 'e', event)
    if job ~= '' then redis.call('XADD', jobs, '*', 'c', conversation, 's', seq, 't', now, 'j', job) end
    active[#active + 1] = now
    active[#active + 1] = conversation
  elseif signal ~= '' then
    redis.call('XADD', feed, 'MAXLEN', '~', feed_length, '*', 'c', conversation, 's', '0', 't', now, 'e', signal)
  end
  if #fields > 0 then redis.call('HSET', summary, unpack(fields)) end
  finish(done)
  return seq, now, 0
end

local reply = {}
local at, key = 1, 4
while items[at] do
  local last = at + 8 + 5 * items[at + 8]
  -- One append that is refused must not spoil its neighbours.
  local ok, seq, ts, outcome = pcall(append, at, last, KEYS[key], KEYS[key + 1], KEYS[key + 2])
  at, key = last + 1, key + 3
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
