-- Notes that a reservation's call goes out. 0 = it isn't held any more, so it must not.
local id, n = take(), tonumber(take())
local list = {}
for i = 1, n do
  local c = counter(3 * i - 2)
  if c.mode == 'r' then roll(c) end
  expire(c, i)
  c.hold = redis.call('HGET', c.H, 'r:' .. id)
  if not c.hold then return 0 end
  list[i] = c
end
for _, c in ipairs(list) do
  redis.call('HSET', c.H, 'r:' .. id, '1' .. string.sub(c.hold, 2))
end
return 1
