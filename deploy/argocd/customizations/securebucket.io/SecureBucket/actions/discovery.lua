local annotations = obj.metadata.annotations or {}
local paused = annotations["securebucket.io/paused"]
local plan = (obj.status or {}).plan
local is_paused = paused ~= nil and paused ~= "" and paused ~= "false"

local actions = {}
actions["check-now"] = {["disabled"] = false}
actions["pause"] = {["disabled"] = is_paused}
actions["resume"] = {["disabled"] = not is_paused}
actions["approve-plan"] = {["disabled"] = plan == nil or annotations["securebucket.io/approve"] == plan.hash}
return actions
