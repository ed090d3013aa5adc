local n = tonumber(take())
local reply = { 1, 0, now, expired }
for i = 1, n do
  local c = counter(3 * i - 2)
  local code = open(c, i)
  if code ~= 0 then return { code, i, now } end
  reply[#reply + 1] = c.used
  reply[#reply + 1] = c.held
end
return reply
