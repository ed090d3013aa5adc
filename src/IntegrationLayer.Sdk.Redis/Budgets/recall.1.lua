-- Asks whoever holds leases to give back what lies idle. KEYS: of each window, its counts and its leases. Answers how much others have idle in each
local own, ttl, n = take(), tonumber(take()), tonumber(take())
local reply = {}
for i = 1, n do
  local H, L = KEYS[2 * i - 1], KEYS[2 * i]
  local all, idle = redis.call('HGETALL', L), 0
  for f = 1, #all, 2 do
    if all[f] ~= 'w' and string.sub(all[f], 1, #own) ~= own and redis.call('HEXISTS', H, 'r:' .. all[f]) == 1 then
      idle = idle + tonumber(string.match(all[f + 1], '%d+$'))
    end
  end
  redis.call('HSET', L, 'w', string.format('%.0f', now))
  redis.call('PEXPIRE', L, string.format('%.0f', ttl + DAY))
  reply[i] = string.format('%.0f', idle)
end
return reply
