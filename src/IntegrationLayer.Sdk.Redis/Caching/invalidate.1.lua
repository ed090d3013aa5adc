-- Invalidations of cached answers, layout 1. This script is never changed in place.
--   KEYS[1]  sorted set: each label by the stamp of its last invalidation; the member "floor" bears the stamp before which nobody knows
--            any more what was invalidated: what is older is valid nowhere
--   ARGV     the stamp up to which the caller knows all; how many labels are kept; a channel; labels to invalidate
-- Stamps are microseconds of this server's clock that never go back. Returned: the highest stamp, the floor, and what the caller doesn't
-- know: a label, its stamp, and so on.

local known = tonumber(ARGV[1])
local most = tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local function text(number) return string.format('%.0f', number) end
local function add(stamp, member) redis.call('ZADD', KEYS[1], text(stamp), member) end

local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
local top = tonumber(last[2] or 0)
local floor = tonumber(redis.call('ZSCORE', KEYS[1], 'floor') or 0)

-- The data were lost, or are older than what somebody has seen of them.
if floor == 0 or known > top then
  top = math.max(now, known + 1, top + 1)
  floor = top
  add(floor, 'floor')
end

if #ARGV > 3 then
  top = math.max(now, known + 1, top + 1)
  for i = 4, #ARGV do add(top, ARGV[i]) end
  if redis.call('ZCARD', KEYS[1]) > most then
    local middle = redis.call('ZRANGE', KEYS[1], math.floor(most / 2), math.floor(most / 2), 'WITHSCORES')
    floor = tonumber(middle[2])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(floor))
    add(floor, 'floor')
  end

  -- Who doesn't hear of it asks by and by.
  redis.pcall('PUBLISH', ARGV[3], text(top))
end

local reply = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. text(known), '+inf', 'WITHSCORES')
table.insert(reply, 1, text(floor))
table.insert(reply, 1, text(top))
return reply
