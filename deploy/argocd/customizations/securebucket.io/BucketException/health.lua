-- Health of a BucketException for Argo CD: one that does not count, or no longer, is something to mend or to delete.

local status = obj.status or {}
if obj.metadata.deletionTimestamp ~= nil then
  return {status = "Progressing", message = "it is being deleted"}
end
if status.observedGeneration == nil then
  return {status = "Progressing", message = "the operator has not looked at it yet"}
end
if obj.metadata.generation ~= nil and status.observedGeneration ~= obj.metadata.generation then
  return {status = "Progressing", message = "the operator has not looked at the changed spec yet"}
end

local active, soon = nil, nil
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Active" then
    active = condition
  end
  if condition.type == "ExpiringSoon" and condition.status == "True" then
    soon = condition
  end
end
if active == nil then
  return {status = "Progressing", message = "the operator has not looked at it yet"}
end
if active.status ~= "True" then
  return {status = "Degraded", message = active.reason .. ": " .. active.message}
end
if soon ~= nil then
  return {status = "Healthy", message = active.message .. "; " .. soon.message}
end
return {status = "Healthy", message = active.message}
