-- Runs a script as Argo CD does: lua5.3 sandbox.lua SCRIPT OBJECT, where OBJECT is a file that returns the object.
-- The script sees `obj` and what Argo CD opens for scripts of argocd-cm: the base functions, table, and os with time and
-- date alone (util/lua/lua.go of its source). Its answer is printed as JSON.

local function json(value)
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
  end
  if type(value) ~= "table" then
    return tostring(value)
  end
  local parts = {}
  if #value > 0 then
    for _, each in ipairs(value) do
      parts[#parts + 1] = json(each)
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for key, each in pairs(value) do
    parts[#parts + 1] = json(key) .. ":" .. json(each)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local safe_os = {time = os.time, date = os.date}
local base = {"assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "print", "rawequal", "rawget",
  "rawset", "select", "setmetatable", "tonumber", "tostring", "type", "unpack", "xpcall"}
local seen = {table = table, os = safe_os, actionParams = {}, obj = dofile(arg[2])}
for _, name in ipairs(base) do
  seen[name] = _G[name]
end
seen._G = seen
function seen.require(name)
  assert(name == "os", "there is no module " .. name)
  return safe_os
end

local script = assert(loadfile(arg[1], "t", seen))
local strings = getmetatable("")
local methods = strings.__index
strings.__index = nil -- no string library: ("x"):upper() must fail here too
local answer = script()
strings.__index = methods
io.write(json(answer))
