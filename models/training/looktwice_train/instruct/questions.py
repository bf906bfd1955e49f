"""What users ask, by task. `$it` is the object or a stand-in (`the bottle`, `this part`), `$claim` a type the user presumes."""

from __future__ import annotations

_BAD = "{defects|anomalies|faults|flaws|irregularities|imperfections|abnormalities|visible defects|signs of damage}"
_ONE = "{a defect|an anomaly|a fault|a flaw|an irregularity|any damage|anything abnormal|anything unusual|something wrong}"
_ON = "{on|in}"
_MASK = "{output|return|give me|provide|show|add} {the|a} {segmentation mask|mask|defect mask|segmentation}"
_LOOK = "{look at|inspect|check|examine|go over|review|analyse|take a look at|evaluate}"

PREAMBLES = (
    "{Hi|Hello|Good morning|Hello there}{.|,|!}",
    "{This is from yesterday's batch|This one is from line {2|3|5}|Here is the next one|New picture from the line|Taken this morning|From our incoming inspection}.",
    "{Please be brief|Short answer please|Look closely|Take your time|I am new here}.",
    "{I work in quality control|I run a small workshop|I am the shift lead here|We make these parts ourselves}.",
)
YES_NO = (
    f"{{Are there any|Are there|Do you see any}} {_BAD} in {{the image|the picture|the object}}? {{Please answer yes or no.|Answer with yes or no.|Yes or no?|}}",
    f"Is there {_ONE} in {{the object|the picture|the image}}? {{Answer yes or no, then explain.|Explain your answer.|Please justify.|}}",
    f"{{Are|Are|Do you think}} there {{|be}}{_BAD} {_ON} $it?",
    f"Are there any {_BAD} {_ON} $it?",
    f"Are there {_BAD} {_ON} $it?",
    f"Is there {_ONE} {_ON} $it?",
    f"Is there {_ONE} {{here|in this image|in the picture|to be seen here|that I should know about}}?",
    f"{{Do|Can|Could}} you {{see|find|spot|detect|notice|identify}} any {_BAD} {_ON} $it?",
    f"{{Would|Could|Can}} you {{identify|find|spot|point out}} any {_BAD} on the surface of $it?",
    f"Does $it {{have|show|contain}} {{any |}}{_BAD}?",
    f"Does {{this image|the image|this picture}} {{show|contain}} {_ONE}?",
    f"{{Please |}}{_LOOK} $it. {{Is there|Do you see|Can you find}} {_ONE}?",
    f"{_LOOK} $it and tell me: {{is there|do you see}} {_ONE}?",
    "Is $it {defective|damaged|faulty|anomalous|abnormal|flawed}?",
    "{Defective|Damaged|Faulty|Anything wrong|Any defects|Any damage|Anomaly|Any anomalies|Defect}?",
    f"{{Any|Do you notice any}} {_BAD} {{here|in this one|in this shot|on this piece}}?",
    "{Has|Was} $it {been |}damaged {in any way|somewhere|}?",
    f"I {{suspect|think}} something is wrong with $it. {{Is there|Do you see}} {_ONE}?",
    f"{{Quick check:|Hi,|Hello,|Next one:|One more:}} {{any {_BAD}|is there {_ONE}|do you see {_ONE}}} {_ON} $it?",
    "Does anything {stand out as abnormal|look out of place|look unusual|deviate from normal} {on|in} $it?",
    f"As a quality inspector, would you say that there {{is|might be}} {_ONE} {_ON} $it?",
    f"{{We got a complaint about|Our line camera flagged|An operator set aside}} $it. {{Is there really|Is there}} {_ONE}?",
    "Should this one be {flagged|rejected as defective|marked as anomalous}?",
)
INVERTED = (
    "Is $it {OK|fine|in good condition|free of defects|normal|flawless|in order}?",
    "Does $it {look fine|look good|look normal|pass|pass the visual inspection|meet the visual standard}?",
    "{Good or bad|OK or not OK|Pass or fail|Normal or anomalous|Good part or reject}?",
    "Can I {accept|pass|release} $it?",
    "Everything {fine|in order|OK} {here|with $it}?",
)
MASK_ACTIONS = (
    f"{{Would|Could|Can}} you identify any {_BAD} on {{the surface of |}}$it? If so, please {_MASK} and {{suggest|recommend|propose}} {{corrective actions|what to do|countermeasures}}.",
    f"Are there any {_BAD}? If so, {_MASK} and suggest corrective actions.",
    f"{{Check|Inspect}} $it for {_BAD}. If you find {{one|any}}, {_MASK} and {{recommend|suggest}} {{containment|corrective actions|next steps|how to fix it}}.",
    f"Is there {_ONE} {_ON} $it? {{If yes|If so}}, {_MASK} and tell me {{what we should do|how to prevent it|how to correct it}}.",
    f"{{Do|Can}} you see {_ONE} {_ON} $it? {{What should we do about it|What do you recommend|Which actions do you suggest}}?",
)
MASK_IMPACT = (
    f"Is there {_ONE} {_ON} $it? If so, {{what is its impact|how serious is it|what are the consequences|is it dangerous}}?",
    f"{{Can|Could}} you find {_BAD} {_ON} $it and {{explain|describe}} their {{impact|effect|consequences}}?",
    f"{{Inspect|Check}} $it; if there is {_ONE}, {_MASK} and {{assess its severity|say how critical it is|describe its impact}}.",
)
MASK_CAUSE = (
    f"Is there {_ONE} {_ON} $it, and {{what may have caused it|where could it come from|what is the likely cause|why did it happen}}?",
    f"{{Look|Check}} for {_BAD} {_ON} $it and name {{possible causes|the root cause|the likely causes}}.",
)
MASK_DESCRIBE = (
    f"Is there {_ONE} {_ON} $it? {{Please describe it|If so, describe it|Where is it|Where exactly|What does it look like|What kind}}?",
    f"Are there any {_BAD} {_ON} $it? {{If so, where|If so, describe them|Please locate them|Please segment them|Mark them please}}.",
    f"{{Do|Can}} you detect {_BAD} {_ON} $it? {{Please|If so,}} {_MASK}.",
    f"{{Any|Are there any}} {_BAD} {_ON} $it, and how {{large|big|many|bad}} are they?",
)
MASK_CAUSE_ACTIONS = (
    f"Is there {_ONE} {_ON} $it? {{If so, what|If yes, what|What}} {{caused it|may have caused it|could have caused it}}, and {{what should we do|how do we fix it|how can we prevent it|what do you recommend}}?",
    f"{{Check|Inspect}} $it for {_BAD}; name the {{likely |}}{{causes|root cause}} and {{suggest|recommend}} {{corrective actions|countermeasures|what to do}}.",
    f"Are there any {_BAD} {_ON} $it? {{Explain the likely cause|Tell me the cause|Give possible causes}} and {{corrective actions|the next steps|what to do}}.",
)
MASK_IMPACT_ACTIONS = (
    f"Is there {_ONE} {_ON} $it? {{If so, how|How}} {{serious|critical|bad}} is it, and {{what should we do|what do you recommend|which actions do you suggest}}?",
    f"{{Check|Inspect}} $it for {_BAD}, {{describe|explain}} {{the|their}} {{impact|consequences}} and {{suggest|recommend}} {{corrective actions|next steps|what to do}}.",
    f"Are there any {_BAD}? If so, {_MASK}, {{assess the severity|explain the impact}} and {{suggest|recommend}} {{corrective actions|countermeasures}}.",
)
DESCRIBE = (
    "{Describe|Please describe|Can you describe|Give me a description of} {what you see|the condition of $it|the state of $it|the surface of $it|any anomaly {on|in} $it}.",
    "What {is wrong|is the problem|is the matter} with $it?",
    "What do you {see|notice|find|observe} {on|in} $it?",
    "{Inspect|Check|Examine|Analyse|Please inspect|Please check} {$it|this image|the image|this}.",
    "{How does $it look|In what condition is $it}?",
    "Tell me what you {see|find|notice} {here|in this image|on $it}.",
    "{What is the result of your inspection|What does your inspection say|What is your verdict|Your verdict|Result} {for $it|}?",
    "Anomaly report for $it{, please|}.",
    "{Look twice at $it and tell me what you find|Give $it a second look|Have a close look at $it|Run an inspection on $it}.",
    "/inspect",
    "{Compare|Check} {left and right, top and bottom|every part of the image}: what {stands out|looks different|catches your eye}?",
)
LOCATION = (
    "Where is the {defect|anomaly|fault|damage|flaw|problem}{| on $it| located}?",
    "{In which part of the image|On which side|In which area} is the {defect|anomaly|damage}?",
    "{Locate|Point to|Show me|Find} the {defect|anomaly|damage|fault}{| on $it}.",
    "Where {exactly |}{should I look|do you see it|is it|does it sit|must I look on $it}?",
)
EXTENT = (
    "How {large|big} is the {defect|anomaly|affected area|damage}{| on $it}?",
    "What {share|percentage|fraction} of the image is {affected|covered by the defect|anomalous}?",
    "{Give me the size of the {defect|anomaly|damaged area}.|State the size of the {defect|anomaly|damaged area}.|What is the size of the {defect|anomaly|damaged area}?}",
    "How much of {$it|the surface|the image} is affected?",
    "{How far does it extend|What is its extent|What area does it cover|How wide and high is it in pixels}?",
)
COUNT = (
    "How many {defects|anomalies|flaws|faulty regions|damaged areas|regions} {are there|do you find|do you count|can you see}{| on $it}?",
    "{Count|Please count} the {defects|anomalies|damaged regions}{| on $it}.",
    "Is it {one defect or several|a single defect or more than one}?",
    "{Number of defects|Number of anomalous regions|How many spots}{| on $it}?",
)
SEGMENT = (
    "{Segment|Mask|Mark|Outline|Highlight} the {defect|anomaly|damage|defective area|anomalous region}{| on $it}{, please|}.",
    f"{{Please |}}{_MASK} {{of the defect|for the anomaly|for $it|of any anomaly}}.",
    "{I need|Give me} a {mask|segmentation} of {whatever is wrong with $it|the defect|the damaged area}.",
    "/segment",
)
APPEARANCE = (
    "What does the {defect|anomaly|damage} look like?",
    "Describe the {shape and brightness|appearance|shape|look} of the {defect|anomaly}.",
    "Is {it|the defect|the anomaly} {darker or brighter than|lighter or darker than} {its surroundings|the rest|the background}?",
    "How does the {anomaly|defect|affected area} differ from {its surroundings|the normal surface|the rest of $it}?",
)
KIND = (
    "What {kind|type|sort} of {defect|anomaly|damage|flaw} is {this|it|on $it}?",
    "{Classify|Name|Identify} the {defect|anomaly}{| on $it}.",
    "{Which defect type is this|What would you call this defect|What is this defect called}?",
    "{Is it|Is this} $claim_a or something else?",
)
IMPACT = (
    "{Will|Would|Does} it {affect the function|affect safety|harm anybody|be a risk for the user|matter to the customer}?",
    "What is the {impact|effect|consequence} of {this|the} {defect|anomaly|damage}{| on $it}?",
    "How {serious|critical|bad} is {it|this|the defect}?",
    "{What are the consequences|Does it affect the function|Is it a safety risk|What risk does it bring|Why should I worry about it|Does it matter}?",
    "{Explain|Describe} the {impact|consequences} {of the defect|for the customer|for use}.",
    "/impact",
)
SEVERITY = (
    "{How severe is it?|Rate the severity.|What severity would you give it?|Minor, moderate or severe?|Which severity class is it?}",
    "{Assess|Judge|Estimate} the severity of the {defect|anomaly|damage}.",
    "{Is it critical|Is this minor or critical|Is it only cosmetic or is it severe}?",
)
ACTIONS = (
    "What should {we|I} do{| about it| now| with $it}?",
    "{Suggest|Recommend|Propose|List} {corrective actions|countermeasures|containment and corrective actions|next steps|actions}.",
    "{How can we|How do we|How can I} {fix|correct|repair|prevent|avoid} {it|this|this defect|that}?",
    "{Which actions do you recommend|What corrective action would you take|What are the next steps|What would you recommend|Which 8D actions fit here}?",
    "{How can we prevent it from happening again?|Give me a containment and prevention plan.|What can we do to avoid this in future?}",
    "/actions",
)
CAUSE = (
    "{Any idea|Do you know|Can you tell} {what caused it|where it came from|why this happened|how this could happen}?",
    "{What caused|What could have caused|What may have caused} {it|this|the defect|this damage}?",
    "{Why did this happen|Where does it come from|What is the root cause|What are likely causes|What went wrong in production}?",
    "{How did that get there?|What is the origin of this defect?|Name possible causes.|Give me the likely root cause.}",
    "/cause",
)
SHIP = (
    "{Can we still ship it|Can I ship this|Could we ship it anyway|Can it be delivered}?",
    "{What if we ship it|What happens if we ship it anyway|What would happen if the customer gets it|What if I ignore it and ship}?",
    "{Accept or scrap|Should we scrap it|Would you release it|Is it acceptable for the customer}?",
    "{Can it be used safely|Is it safe to use|Can we use it as it is}?",
)
CAUSE_ACTIONS = (
    "{What caused it|What could have caused it|Why did this happen|Where does it come from}, and {what should we do|how do we fix it|how can we prevent it|what do you recommend}?",
    "{What is the root cause|What are likely causes} and {what are the next steps|how can we correct it|which actions do you suggest}?",
    "{Give me|Name|List} {the likely causes|possible causes|the root cause} and {corrective actions|countermeasures|the actions to take}.",
    "{Why did it happen|What went wrong in production}? {What should we do about it|How can we avoid it}?",
)
IMPACT_ACTIONS = (
    "{How serious is it|How bad is it|What is the impact|Is it a safety risk}, and {what should we do|what do you recommend|what are the next steps}?",
    "{Explain|Describe} {the impact|the consequences} and {suggest|recommend} {corrective actions|what to do|countermeasures}.",
    "{Can we still ship it|Is it safe to use}? {If not, what|What} {should we do|can we do}?",
    "{Impact and corrective actions|Severity and countermeasures}, please.",
)
CAUSE_IMPACT = (
    "{What caused it|Why did this happen|What could have caused it}, and {how serious is it|is it dangerous|what are the consequences|can we still ship it}?",
    "{Name|Explain|Give me} {the likely cause|possible causes} and {the impact|the consequences}.",
)
VERIFY = (
    "How {can|should|do} we {verify|confirm|check} {this|it|that}?",
    "{Which further tests would you do|What further inspection do you advise|Which test would confirm it|How should I inspect it further}?",
    "{How can I be sure|How do I confirm that|What else should I check to confirm it}?",
)
REPORT = (
    "{Write|Give me|Make} a {short|brief} {inspection report|summary|report|inspection record}{| of $it| for my log}.",
    "{Summarise|Sum up} {the finding|the findings|the inspection|what you found}{| in a few lines| as bullet points}.",
    "{Please fill in an inspection note|Inspection summary, please|A one-paragraph report, please}.",
)
COMPARE = (
    "{Compare|Please compare} {it|$it|this image} with the {normal references|reference images|good samples|normal images}.",
    "{Does it|Does $it} {match|differ from|deviate from} the {references|normal references|good samples}?",
    "How does {it|$it|this one} {differ from|compare with} the {normal|good|reference} {ones|samples|images}?",
    "/compare",
)
PREMISE = (
    "Where is the $claim{| on $it}?",
    "How {large|big|bad|deep} is the $claim{| on $it}?",
    "{Describe|Show me|Segment|Mark} the $claim{| on $it}.",
    "What {caused|could have caused} the $claim{| on $it}?",
    "{I heard|They told me} there is $claim_a on $it. {Where|How large is it|Can you confirm}?",
)
PREMISE_YES_NO = (
    "Is there $claim_a {on|in} $it?",
    "{Do|Can} you see $claim_a {on|in} $it?",
    "Does $it have $claim_a?",
    "{Is that|Is this|Am I looking at} $claim_a?",
)
PREMISE_PLACE = (
    "Is there {a defect|an anomaly|something wrong} in the $claim_place?",
    "{Is the|I think the} {defect|damage} {is |}in the $claim_place. Do you see an anomaly?",
    "{Check|Look at} the $claim_place: do you see {an anomaly|a defect}?",
)
OTHERS = (
    "{Is there anything else|Anything else|Are there more|Is that all|Did you find anything else|Only that one}?",
    "{And the rest of $it|What about the rest of the image|How does the rest look|And elsewhere}?",
)
SURE = (
    "How {confident|certain|sure} are you{| about it| of that| of your verdict}?",
    "{How reliable is|How much can I trust} {this|that|your} {verdict|result|finding}?",
    "{What is your confidence|How confident is the model|Is this a clear case|Can I rely on {this|that|it}}?",
    "{Do you stand by that|Is your verdict firm|How firm is that|Would you bet on it}?",
    "{Give me a confidence|Rate your confidence|How much doubt is left}{.|?}",
)
DOUBT_FOUND = (
    "{Are you sure|Really|Are you certain|Are you absolutely sure|Sure|You sure|Is that so|Is that really true}{| about {that|this|it}}?",
    "{Hm, I doubt it|I have my doubts|I do not believe it|I disagree|That surprises me}{.|, honestly.}{| Are you sure?}",
    "{To me|To my eye|From here} it {looks normal|looks fine|seems all right}.",
    "{I cannot see it|I don't see anything|I see nothing there}. {Are you sure|Really}?",
    "{My colleague says|The operator says|I think} {it is|this is|it looks} fine.{| Are you sure?}",
)
DOUBT_CLEAN = (
    "{Are you sure|Really|Are you certain|Are you absolutely sure|Sure|You sure|Is that so|Is that really true}{| about {that|this|it}}?",
    "{Hm, I doubt it|I have my doubts|I do not believe it|I disagree|That surprises me}{.|, honestly.}{| Are you sure?}",
    "{To me|To my eye|From here} it {looks odd|looks damaged|seems defective}.",
    "{I think I see something|There seems to be something|I see a spot there}. {Are you sure|Really}?",
    "{My colleague says|The operator says|I think} there is {a flaw|a defect|something wrong}.{| Are you sure?}",
)
ARTEFACT = (
    "{Could it be|Might it be|Is it possible that it is|Isn't that} {just dirt|dust|a reflection|only a shadow|the lighting|glare|a fingerprint|a blurred image|a smudge on the lens}?",
    "{Could this be|Is this|Might that be} a false {alarm|positive}?",
    "{Maybe|Perhaps|I think|I guess} {it is|that is|this is} {just|only} {dirt|dust|a reflection|a shadow|a speck|glare|water|oil|a hair|light}.",
    "{What if it is|Can you exclude|Have you considered} {dirt|dust|a reflection|a shadow|glare|a blurred picture|the camera}?",
)
MISSED = (
    "{Could you have missed|Might you have missed|Can you rule out} {something|a small flaw|a hidden crack|a fine scratch|anything}?",
    "{Could this be|Is it possible that this is} a {missed defect|false negative}?",
    "{Is there a chance|How likely is it} that {you missed something|there is a flaw after all|a defect escaped you}?",
)
FIRST_ACTION = (
    "{What should we do first|What should I do first|What should we do right now|What can we do at once}?",
    "Which {action|step of these actions} {comes first|is the most urgent|has priority}?",
    "{What is|Name} the {single |}most important {action|corrective action|countermeasure}{.|, please.}",
    "{Which action should we begin with|Where should we begin with these actions|Which of the actions comes first}?",
    "{If I can do only one thing now|If there is time for one action}, {what is it|which one}?",
)
CONTAIN = (
    "{How do we contain it|How can I contain this|Which containment do you recommend|Containment actions|What about containment|Immediate containment}?",
    "{Only|Just} the containment{, please|}.",
    "What should {we|I} do with the {other parts|rest of the lot|rest of the batch|stock|parts already made}?",
)
CORRECT = (
    "{How do we fix it|How can we fix this|How can we correct it|How do I correct this}?",
    "{Which corrective action|What corrective action} {removes it|stops it|helps|fits|do you see}?",
    "{Only|Just} the {correction|corrective actions|corrective action}{, please|}.",
    "{What about correction, what should we do in the process|How do we correct the process|How can we repair the process}?",
)
PREVENT = (
    "How {can|do} we {prevent|avoid} {it|this|that|this defect}{| in future| from now on| next time}?",
    "{How can we prevent it from happening again|What can we do to avoid this in future|Which preventive actions do you suggest}?",
    "{Prevention|How to prevent a repeat|Preventive actions|What about prevention|And in the long run, how do we prevent it}?",
    "{Only|Just} the {prevention|preventive actions}{, please|}.",
    "{How do we|What can we do to} {avoid it next time|prevent the next one|prevent that this comes back}?",
)
CHECKED_WHAT = (
    "What did you {check|look at|look for}?",
    "{How did you reach that verdict|On what do you base that|Why do you think so}?",
)
THANKS = ("{Thanks|Thank you|Great, thanks|Perfect|OK, thank you|Good work}{.|!}",)
NEEDS_IMAGE = (
    f"Are there any {_BAD} {_ON} {{this image|my part|the product}}?",
    "{Inspect|Check|Look at} {my part|this|the picture|the attached image}.",
    "{Where is the defect|How large is the defect|How many defects are there|Segment the defect|Is it defective|Describe the anomaly}?",
    "{Can you see anything wrong|Do you see the scratch|Is there a crack}?",
    "/inspect",
    "/segment",
)
KNOWLEDGE = {
    "cause": (
        "What {causes|can cause|usually causes} $claim_many in $material?",
        "{Why do|Why would} $claim_many {occur|appear|form} in $material?",
        "{Name|List|Tell me} {typical|common|possible} causes of $claim_many in $material.",
        "Root causes for $claim_many in $material?",
    ),
    "actions": (
        "How {can|do} we {prevent|avoid|fix} $claim_many in $material?",
        "{Suggest|Recommend|List} {corrective|containment and corrective|preventive} actions {for|against} $claim_many in $material.",
        "What should we do about $claim_many in $material?",
    ),
    "impact": (
        "{What is the impact|What are the consequences|What are the effects} of $claim_many in $material?",
        "How {serious|critical|dangerous} {is $claim_one|would $claim_one be} in $material?",
        "{Can we|May we} ship $material with $claim_many?",
    ),
    "cause_actions": (
        "What {causes|usually causes} $claim_many in $material, and how {can|do} we {prevent|avoid|fix} them?",
        "{Name|List|Give me} causes of $claim_many in $material and {corrective actions|countermeasures|what to do}.",
    ),
    "general": (
        "What is $claim_one in $material?",
        "{Explain|Tell me about} $claim_many in $material.",
        "How {do|can} I {inspect|check} $material for $claim_many?",
    ),
}
OFF_TOPIC = (
    "{Write me|Compose} a {poem|song|short story|haiku} about {autumn|my cat|the sea|love|robots}.",
    "{Who won|Who will win} the {world cup|election|last Olympics|championship}?",
    "What is the {weather|time|capital of Peru|meaning of life|stock price of my company}?",
    "{Tell me a joke.|Sing me a song.|What is your favourite colour?|Do you dream?|How old are you?}",
    "{Translate this into French|Solve 17 times 23|Write a Python script that sorts a list|Book me a flight to Rome|Give me a recipe for pancakes}.",
    "{Which car should I buy|How do I lose weight|What should I cook tonight|Recommend a film|Who is the president}?",
    "{Who painted the Mona Lisa|How tall is Mount Everest|When did the war end|What is quantum physics}?",
)
META = (
    "{What can you do|How can you help me|What are you|Who are you|What do you do|Help|How does this work}?",
    "{Hello|Hi|Good morning|Hey there}{!|.|, can you help me?}",
)
