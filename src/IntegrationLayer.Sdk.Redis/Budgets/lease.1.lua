-- Tells what a process has used out of its leases, keeps what it still needs of them, and lends more where there is plenty.
-- A lease is a reservation that is marked as sent from the start: unless it is renewed in time, all of it is charged. KEYS: of each, a counter's three and
--   L  hash: ID = number of the last message about that lease, then how much of it lay idle; w = when somebody last needed what lies idle
local ttl, recall, share, n = tonumber(take()), tonumber(take()), tonumber(take()), tonumber(take())

local function note(L, id, number, idle)
  redis.call('HSET', L, id, string.format('%.0f %.0f', number, idle))
  redis.call('PEXPIRE', L, string.format('%.0f', ttl + DAY))
end

-- Forgets leases that ended.
local function prune(c, L)
  for _, id in ipairs(redis.call('HKEYS', L)) do
    if id ~= 'w' and redis.call('HEXISTS', c.H, 'r:' .. id) == 0 and redis.call('HEXISTS', c.H, 'x:' .. id) == 0 then redis.call('HDEL', L, id) end
  end
end

local function hold_back(c, id, amount)
  if amount > 0 then redis.call('HINCRBY', c.H, 'h', string.format('%.0f', amount)) end
  redis.call('HSET', c.H, 'r:' .. id, '1' .. string.format('%.0f', amount))
  redis.call('ZADD', c.Z, string.format('%.0f', now + ttl), id)
  keep(c, c.Z)
  if c.mode == 'r' then keep(c, c.H) end
end

-- Answers a code (1 = held, 0 = not held any more), the last message that had its effect, what is held, whether somebody needs what lies idle, and what was used before and after.
local function renew(index)
  local c, L = counter(4 * index - 3), KEYS[4 * index]
  local id, number, used, kept, idle, wanted, least, limit =
    take(), tonumber(take()), take(), tonumber(take()), tonumber(take()), tonumber(take()), tonumber(take()), tonumber(take())
  local code = open(c, index)
  local last = tonumber(string.match(redis.call('HGET', L, id) or '0', '^%d+'))
  if code ~= 0 then return { code, last } end
  local needed = now - tonumber(redis.call('HGET', L, 'w') or '0') < recall
  local hold = redis.call('HGET', c.H, 'r:' .. id)
  if last >= number then
    -- Its answer was lost.
    if not hold then return { 0, last } end
    return { 1, last, string.sub(hold, 2), needed and 1 or 0, c.used, c.used }
  end
  if number == 1 then
    -- It comes after it was given up, by a connection that was given up too.
    if redis.call('HEXISTS', c.H, 'u:' .. id) == 1 then return { 0, 0 } end
    prune(c, L)
  elseif not hold then
    return { 0, last }
  else
    take_off(c, 'h', string.sub(hold, 2))
  end
  add(c, used)
  local counts = redis.call('HMGET', c.H, 'c', 'h')
  local more = 0
  if wanted > 0 and not needed then
    more = limit and math.min(wanted, math.floor((limit - tonumber(counts[1]) - tonumber(counts[2]) - kept) / share) - idle) or wanted
    if more < least then more = 0 end
  end
  hold_back(c, id, kept + more)
  note(L, id, number, idle + more)
  return { 1, number, string.format('%.0f', kept + more), needed and 1 or 0, c.used, counts[1] }
end

local reply = { now, expired }
for i = 1, n do reply[i + 2] = renew(i) end
return reply
