"""Contracts of other shapes, as a clerk would write them: little files for the flows."""

# Support on site is promised after the client's notice; locating means clearing, and starts anew on site.
GOV_CLOUD = """
slug = "{slug}"
name = "政务云租用（扩展服务）"
ticket_prefix = "{prefix}"
timezone = "Asia/Shanghai"

[levels.important]
name = "重要信息系统"
response = "15m"
arrival = "1h"
locate = "10m"

[levels.normal]
name = "故障"
response = "15m"
arrival = "1h"
locate = "30m"

[clocks]
arrival = "client_notice"
locate = "acknowledged"
restart_at_arrival = ["locate"]
locate_metric = "repaired"

[escalation]
page = ["on_duty:engineer", "technical_lead"]
on_breach = ["project_manager"]
repeat_every = "30m"

[pauses]
consent = ["supervising_officer"]
reasons = ["carrier_fault", "force_majeure"]

[record]
fault = ["phenomenon", "cause_owner", "handlers"]
cause_owners = ["vendor", "client", "carrier"]

[words]
important = ["指挥系统"]
"""

# No minutes but for pictures; meetings of which somebody says whether they were interrupted.
COMMAND_CENTRE = """
slug = "{slug}"
name = "应急指挥中心信息化技术保障"
ticket_prefix = "{prefix}"
timezone = "Asia/Shanghai"

[levels.fault]
name = "故障"

[levels.image_retrieval]
name = "图像调取"
handling = "5m"

[levels.meeting_guarantee]
name = "会议保障"

[escalation]
page = ["on_duty:engineer", "technical_lead"]
on_breach = ["project_manager"]
repeat_every = "5m"

[record]
fault = ["phenomenon", "handlers"]
other = ["request", "result"]
meeting_guarantee = ["request", "interrupted"]

[words]
fault = ["黑屏"]
image_retrieval = ["调取", "调看"]
meeting_guarantee = ["会议保障"]
other = ["申请"]
"""

NO_MINUTES_AT_ALL = COMMAND_CENTRE.replace('handling = "5m"\n', "")
