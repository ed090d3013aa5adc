-- Budget counters, layout 1. Stands before every script of this version, none of which is ever changed in place.
--
-- A counter has three keys, which lie on one node:
--   H  hash: c = used, h = held; of a rolling window o = oldest part, b:N = part N of it;
--      r:ID = a reservation, 0 or 1 for sent, then its amount; x:ID = what an expired one was charged; u:ID = one that must not be settled again
--   Z  sorted set: ID by the time it expires
--   R  its partition's register, sorted set: 0 by minus the time it was begun; each H by the time it may be gone
-- Amounts are texts of whole numbers that only Redis adds up, exactly, in 64 bits. Lua's numbers are used to compare.

local cursor = 0
local function take()
  cursor = cursor + 1
  return ARGV[cursor]
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) + tonumber(take())  -- tests move the clock

local DAY = 86400000
local PARTS = 60

-- mode: w = window from a time to a time; r = rolling, to = length of a part; t = all time; q = calls under way, of all time and never used up
local function counter(k)
  return { H = KEYS[k], Z = KEYS[k + 1], R = KEYS[k + 2], mode = take(), from = tonumber(take()), to = tonumber(take()) }
end

local function life(c)
  if c.mode == 'w' then return c.to - now + DAY end
  if c.mode == 'r' then return 2 * PARTS * c.to + DAY end
  return nil
end

local function keep(c, key)
  local ms = life(c)
  if ms then redis.call('PEXPIRE', key, string.format('%.0f', ms)) end
end

local function add(c, amount)
  if amount == '0' or c.mode == 'q' then return end
  if c.mode == 'r' then redis.call('HINCRBY', c.H, 'b:' .. c.part, amount) end
  redis.call('HINCRBY', c.H, 'c', amount)
end

local function take_off(c, field, amount)
  if amount ~= '0' then redis.call('HINCRBY', c.H, field, '-' .. amount) end
end

-- Drops the parts that have left a rolling window. A clock that goes back changes nothing.
local function roll(c)
  local part = math.floor(now / c.to)
  local oldest = tonumber(redis.call('HGET', c.H, 'o') or part - PARTS)
  c.part = math.max(part, oldest)
  local first = c.part - PARTS
  if oldest < first then
    for old = oldest, math.min(first - 1, oldest + PARTS) do
      local amount = redis.call('HGET', c.H, 'b:' .. old)
      if amount then
        take_off(c, 'c', amount)
        redis.call('HDEL', c.H, 'b:' .. old)
      end
    end
    redis.call('HSET', c.H, 'o', first)
  end
end

-- Charges reservations whose time is over if their call went out, and releases them if it didn't.
local expired = {}
local function expire(c, index)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', c.Z, '-inf', now, 'LIMIT', 0, 1000)) do
    local hold = redis.call('HGET', c.H, 'r:' .. id)
    if hold then
      local amount, charged = string.sub(hold, 2), '0'
      take_off(c, 'h', amount)
      if string.sub(hold, 1, 1) == '1' then
        charged = amount
        add(c, charged)
      end
      redis.call('HDEL', c.H, 'r:' .. id)
      redis.call('HSET', c.H, 'x:' .. id, charged)
      expired[#expired + 1] = index
      expired[#expired + 1] = charged
    end
    redis.call('ZREM', c.Z, id)
  end
end

local function begin(c, used)
  redis.call('HSET', c.H, 'c', used, 'h', '0')
  if c.mode == 'r' then
    redis.call('HSET', c.H, 'o', c.part - PARTS)
    if used ~= '0' then redis.call('HSET', c.H, 'b:' .. c.part, used) end
  end
  keep(c, c.H)
  local ms = life(c)
  redis.call('ZREMRANGEBYSCORE', c.R, 1, now)
  redis.call('ZADD', c.R, ms and string.format('%.0f', now + ms) or '+inf', c.H)
end

-- Reads a counter. 0 = fine; 2 = the time is not in its window; 3 = nobody has begun its partition; 4 = it began before Redis' memory, or was lost; 5 = unreadable
local function open(c, index)
  if c.mode == 'w' and (now < c.from or now >= c.to) then return 2 end
  if c.mode == 'r' then roll(c) end
  expire(c, index)
  local counts = redis.call('HMGET', c.H, 'c', 'h')
  if not counts[1] then
    local begun = redis.call('ZSCORE', c.R, '0')
    if not begun then return 3 end
    local from = (c.mode == 'w' and c.from) or (c.mode == 'r' and now - PARTS * c.to) or (c.mode == 'q' and now) or 0
    local gone = redis.call('ZSCORE', c.R, c.H)
    if c.mode ~= 'q' and (from < -tonumber(begun) or (gone and tonumber(gone) > now)) then return 4 end
    begin(c, '0')
    counts = { '0', '0' }
  end
  c.used, c.held = counts[1], counts[2]
  if not tonumber(c.used) or not tonumber(c.held) then return 5 end
  return 0
end

-- Replaces a reservation by what was used. A first try that finds nothing held knows that Redis lost it, a repeated one that the first had its effect.
-- The first may still come after the repeated one, by a connection that was given up: u:ID keeps it from counting again.
-- Returns what was used before and after; nothing if the window is over.
local function settle(c, id, try, used)
  if c.mode == 'r' then roll(c) end
  local before = redis.call('HGET', c.H, 'c')
  if not before then return '', '' end
  local hold, charged = redis.call('HGET', c.H, 'r:' .. id), redis.call('HGET', c.H, 'x:' .. id)
  if hold then
    local amount = string.sub(hold, 2)
    take_off(c, 'h', amount)
    redis.call('HDEL', c.H, 'r:' .. id)
    redis.call('ZREM', c.Z, id)
    add(c, used == '' and amount or used)
    if try == 'repeated' then redis.call('HSET', c.H, 'u:' .. id, '1') end
  elseif charged then
    redis.call('HDEL', c.H, 'x:' .. id)
    if try == 'repeated' then redis.call('HSET', c.H, 'u:' .. id, '1') end
    -- A part of a rolling window can't be corrected downwards: it may have left already.
    if used ~= '' and (c.mode ~= 'r' or tonumber(used) >= tonumber(charged)) and c.mode ~= 'q' then
      add(c, used)
      take_off(c, 'c', charged)
      if c.mode == 'r' then take_off(c, 'b:' .. c.part, charged) end
    end
  elseif redis.call('HSETNX', c.H, 'u:' .. id, '1') == 1 and try ~= 'repeated' and used ~= '' then
    add(c, used)
  end
  return before, redis.call('HGET', c.H, 'c')
end

-- Holds back the first choice that fits.
local function reserve(first, n)
  local id, ttl, m, cheapest = take(), tonumber(take()), tonumber(take()), tonumber(take())
  local list = {}
  for i = 1, n do
    local c = counter(first + 3 * (i - 1))
    c.limit = tonumber(take())  -- none: it denies nothing
    list[i] = c
  end
  for i = 1, n do
    local code = open(list[i], i)
    if code ~= 0 then return { code, i, now } end
  end
  local function amount(choice, i) return ARGV[cursor + (choice - 1) * n + i] end  -- - = spared, ? = unknown

  for choice = 1, m do
    local fits = true
    for i = 1, n do
      local c, a = list[i], amount(choice, i)
      if a ~= '-' and c.limit and (a == '?' or tonumber(c.used) + tonumber(c.held) + tonumber(a) > c.limit) then
        fits = false
        break
      end
    end
    if fits then
      for i = 1, n do
        local c, a = list[i], amount(choice, i)
        if a ~= '-' then
          if a == '?' then a = '0' end
          if a ~= '0' then redis.call('HINCRBY', c.H, 'h', a) end
          redis.call('HSET', c.H, 'r:' .. id, '0' .. a)
          redis.call('ZADD', c.Z, string.format('%.0f', now + ttl), id)
          keep(c, c.Z)
          if c.mode == 'r' then keep(c, c.H) end
        end
      end
      return { 1, choice, now, expired }
    end
  end

  local reply = { 0, 0, now, expired }
  for i = 1, n do
    local c, a = list[i], amount(cheapest, i)
    local wait = '-1'
    if c.mode == 'r' and c.limit and a ~= '-' and a ~= '?' then
      local missing, part = tonumber(c.used) + tonumber(c.held) + tonumber(a) - c.limit, c.part - PARTS
      while missing > 0 and part <= c.part do
        missing = missing - tonumber(redis.call('HGET', c.H, 'b:' .. part) or 0)
        part = part + 1
      end
      if missing <= 0 then wait = string.format('%.0f', math.max(1, (part + PARTS) * c.to - now)) end
    end
    reply[#reply + 1] = c.used
    reply[#reply + 1] = c.held
    reply[#reply + 1] = wait
  end
  return reply
end

