-- When budgets may be spent from: later than now, if Redis lost them while calls were under way. KEYS: the epoch. ARGV: how much later, should it be missing
local from = redis.call('GET', KEYS[1])
if not from then
  from = string.format('%.0f', now + tonumber(take()))
  redis.call('SET', KEYS[1], from)
end
return { from, now }
