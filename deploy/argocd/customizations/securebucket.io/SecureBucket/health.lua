-- Health of a SecureBucket for Argo CD. It agrees with kstatus: Stalled is Degraded, Reconciling is Progressing.
-- Only what Argo CD gives to a script that is no built-in one is used: no string library.

local function answer(status, message)
  return {status = status, message = message}
end

local metadata = obj.metadata or {}
local status = obj.status or {}
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
local ready = conditions.Ready

local function is(kind, value)
  return conditions[kind] ~= nil and conditions[kind].status == value
end

-- "true", or the time until which it is paused; letters come after digits. The operator takes what is neither as true.
local function paused()
  local written = (metadata.annotations or {})["securebucket.io/paused"]
  if written == nil or written == "" or written == "false" or written == "False" or written == "FALSE" then
    return false
  end
  return written > os.date("!%Y-%m-%dT%H:%M:%SZ")
end

if metadata.deletionTimestamp ~= nil then
  local stalled = is("Stalled", "True") and ": " .. conditions.Stalled.message or ""
  return answer("Progressing", "it is being deleted" .. stalled)
end
if ready == nil or status.observedGeneration == nil then
  return answer("Progressing", "the operator has not looked at it yet")
end
if metadata.generation ~= nil and status.observedGeneration ~= metadata.generation then
  return answer("Progressing", "the operator has not looked at the changed spec yet")
end
if is("Stalled", "True") then
  return answer("Degraded", conditions.Stalled.reason .. ": " .. conditions.Stalled.message)
end
if paused() then
  return answer("Suspended", "paused: nothing is written to S3 (annotation securebucket.io/paused)")
end
if is("Reconciling", "True") then
  return answer("Progressing", conditions.Reconciling.reason .. ": " .. conditions.Reconciling.message)
end
if is("Ready", "True") then
  local message = ready.message
  for _, kind in ipairs({"InSync", "Compliant"}) do
    if is(kind, "False") then
      message = message .. "; not " .. kind .. ": " .. conditions[kind].message
    end
  end
  return answer("Healthy", message)
end
if ready.reason == "ApprovalRequired" or ready.reason == "RolloutHeld" then
  return answer("Suspended", ready.reason .. ": " .. ready.message)
end
if is("Ready", "False") then
  return answer("Degraded", ready.reason .. ": " .. ready.message)
end
return answer("Progressing", ready.reason .. ": " .. ready.message)
