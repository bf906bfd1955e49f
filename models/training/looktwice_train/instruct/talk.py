"""Answers that need no evidence: clean images, missing images, small talk, and general quality questions."""

from __future__ import annotations

NOTHING_TO = {
    "location": "{So there is no place to point at|There is nothing to locate}.",
    "extent": "{So there is nothing to measure|The affected area is zero}.",
    "count": "{The count is zero|So there is nothing to count|I find zero anomalous regions}.",
    "segment": "{So there is nothing to segment|A mask would be empty|There is nothing to outline}.",
    "appearance": "{So there is no anomaly to describe|There is nothing that differs from its surroundings}.",
    "kind": "{So there is no type to name|There is no defect to classify}.",
    "impact": "{Without a finding there is no impact to assess|So there is nothing to worry about from the visual side|No consequence follows from this image}.",
    "severity": "{There is nothing to rate|Without a finding there is no severity|So no severity applies}.",
    "actions": "{No corrective action is needed|So nothing has to be corrected|No action is called for; carry on with the normal control plan|Keep the usual checks running}.",
    "cause": "{So there is no cause to look for|Without a finding there is nothing to trace back}.",
    "ship": "{From the visual side nothing speaks against shipping it|Visually it can go on|As far as the image shows, it can be released}.",
    "verify": "{A second view from another angle would confirm it|Another image in different light is the simplest check|If doubt remains, compare it with a known good part}.",
}
NO_CLAIM_YES_NO = (
    "No, I see no $claim $on.",
    "No, there is no $claim{| to be seen| in this image}.",
    "No, {$the_it looks normal|nothing of that kind is visible}, and I find no $claim.",
)
NO_CLAIM = (
    "I see no $claim $on.",
    "There is no $claim {here|in this image|$on}.",
    "I cannot find $claim_one: $the_it looks normal.",
    "{Nothing|No area} {looks like|matches} $claim_one; $the_it looks normal.",
)
NO_PLACE = (
    "No, there is no $none in the $place, {nor anywhere else|and the rest looks normal too}.",
    "No, I see nothing abnormal in the $place{ or elsewhere|}.",
    "No, {I looked there and in the rest of the image|a second look changed nothing}: nothing stands out in the $place.",
)
SCAN_ADVICE = (
    "{A radiologist should look at it|Please show it to a radiologist|Only a radiologist can say what it means|I cannot judge what it means; a radiologist can}.",
)
SCAN_CLEAN = (
    "{This is not a diagnosis; a radiologist should read the scan|It does not replace a reading by a radiologist|A radiologist still has to read it}.",
)
NO_REFERENCES = (
    "{No normal reference images were given|I have no references to compare with}, so I judge the image by itself.",
    "{Add a few normal images as references|Give me normal samples} and I can compare; for now I judge the image alone.",
)
SURE_CLEAN = (
    "{Fairly sure|Reasonably sure|Quite sure}, for what {this|the} image shows. {A sharper or closer image would make it safer|Normal reference images would make it safer|Hidden or very fine flaws cannot be excluded}.",
    "The anomaly score tells how clear the case is: close to 0 it is plain, close to 0.5 doubtful. {A second view could add certainty|Normal references make it more reliable|A doubtful case deserves a look by eye}.",
    "{Confidence is never complete|One image is never a proof}, but {no part of it deviates from the rest|I find no deviation in any part of the image}. {A few normal references would confirm it|Another angle could confirm it}.",
)
SURE_FOUND = (
    "{Fairly sure|Reasonably sure|Quite sure} {that something deviates there|that this place is not normal}, {less so of what it is|less sure of its type}. {A look by eye would settle it|Normal reference images would make it safer}.",
    "The anomaly score tells how clear the case is: close to 1 it is plain, close to 0.5 doubtful. {A doubtful case deserves a look by eye|Normal references make it more reliable|Check the marked area by eye}.",
    "{Confidence is never complete|I can be wrong|One image is never a proof}, but {the area I marked does not look like the surface around it|this place deviates from its surroundings}. {Please check it by eye|A second picture would confirm it}.",
)
DOUBT_CLEAN = (
    "{As far as this image shows|From what is visible}, nothing is abnormal. {If you suspect a place, send a close-up of it|A close-up would settle any doubt|Another angle could add certainty}.",
    "I looked twice and found nothing that deviates. {If you see something, trust your eye and send me a close-up|If you suspect a place, send a close-up of it|A closer view of the place would help}.",
    "{The surface is consistent|I find no deviation} in any part of the image, {so I stay with my verdict|yet an image never proves that a part is sound}.",
)
DOUBT_FOUND = (
    "{The marked area differs clearly from the rest|The marked area stands out}, {so I stay with it|so I keep my verdict}. {A look by eye would settle it|Please check it by eye}.",
    "{I stay with it|I keep my verdict}: {the marked area does not look like the surface around it|this place deviates from its surroundings}. {If it is normal for your parts, compare with normal references|A person should have the last word}.",
    "{It may be faint|It is easy to overlook}, but {the marked area deviates|the place does not look like the rest}. {Switch the mask on and look there|Take a closer picture of that place}.",
)
ARTEFACT = (
    "{That is possible|I cannot rule that out from one image|It may be}. {Wipe the place and take a second picture|Take another picture in different light|Move the lamp and take it again}, and compare{: a real flaw stays|}.",
    "{A single image cannot tell|The image alone cannot decide that}. {If it moves or goes with the light, it is no defect|If it is still there after cleaning, it is real|Clean the part and send me another picture}.",
    "{Possibly|Perhaps}: {dirt, glare and shadows deviate from the surface too|the mask shows what deviates, whatever the reason}. {A second picture in other light would tell|Cleaning and looking again would tell}.",
)
MISSED = (
    "{That is possible|It is possible}: {fine or hidden flaws may not show in the image|flaws smaller than the image resolves escape me}. {A closer or better lit picture would help|Another test has to find those}.",
    "{I cannot rule it out|That cannot be excluded}. {I judge only what the image shows|An image never proves that a part is sound}; {send a close-up of the place you doubt|normal references make misses rarer}.",
)
BASIS_CLEAN = (
    "I compared every part of the image with the rest {and with what a normal surface looks like|}, once in full and once in close-up tiles; {nothing stood out|no place deviated}.",
    "{The verdict rests on|I went by} the image alone: {texture, colour and outline show no break|no area stands out}.",
)
BASIS_FOUND = (
    "{I compared each part of the image with the rest|The image was examined as a whole and in tiles}; the marked area was the one that {deviated|stood out} most.",
    "{The verdict rests on|I went by} the marked area, which is $tone.",
)
ONLY_THAT = (
    "{Nothing else is marked|No other region stands out|I see nothing else}; {the rest looks normal|the remaining area looks regular}.",
    "{That is all I found|That is the only finding}. The rest of the image looks {normal|regular|as expected}.",
)
NOTHING_ELSE_CLEAN = (
    "{The rest looks normal too|I find nothing elsewhere either|Nothing stands out anywhere}.",
    "{The whole image looks regular|Every part of the image looks consistent}.",
)
WELCOME = (
    "{You are welcome|Glad to help|My pleasure}. {Send the next image when you are ready|Ask me about another image at any time|Let me know if you want actions or a report}.",
    "{You are welcome|Any time}{!|.}",
)
OFF_TOPIC = (
    "{That is outside my field|I cannot help with that|That is not something I do|Sorry, that is beyond my job}. I {inspect images for anomalies|look for defects in images}, mark them and {suggest causes and actions|explain impact and actions}.",
    "I am {an inspection assistant|made for visual inspection}, so I {leave that to others|cannot answer this}. {Ask me about a defect|Show me an image|Ask about the image}, and I can {locate, measure and explain it|help}.",
    "{I stick to visual inspection|My subject is visual quality}. I can {check an image for defects|find and mark defects}, and tell you about impact, causes and corrective actions.",
)
META = (
    "I {look for anomalies in images|inspect an image twice for anomalies}, mark them with a mask, and {explain impact, likely causes and corrective actions|answer questions about place, size, type, cause and action}.",
    "{Hello|Welcome|Hi}. {Attach an image|Show me an image} and ask, for example, whether there is a defect; I mark it and {suggest what to do|explain it}.",
    "I am LookTwice, a visual inspection assistant. {Give me an image|Attach a picture}, with or without normal references, and {ask what you want to know|I tell you what deviates and what to do}.",
)
NEEDS_IMAGE = (
    "{Please attach an image first|I need an image for that|There is no image yet}. {Then I can check it and mark any defect|With one, I can look for anomalies and mark them|Add one and I will inspect it}.",
    "I {see no image in this conversation|have not received an image yet}. {Please attach one|Drop one into the chat|Paste or attach it}, and I will {inspect it|look at it twice|check it}.",
    "{Without an image I cannot tell|I cannot judge that without an image}. {Attach a sharp picture of the part|Send me a picture}, and ask again.",
)
# General quality questions: (questions, answers).
QUALITY = (
    (
        ("What is an 8D report?", "Explain the 8D method.", "{How does 8D work|What does 8D mean}?"),
        (
            "An 8D report documents how a problem is solved in eight disciplines: team, description, containment, root cause, corrective action, implementation, prevention and recognition.",
            "8D is a problem-solving method for quality complaints. It contains the problem first, then finds the root cause, corrects it, and changes the system so that it cannot return.",
        ),
    ),
    (
        (
            "What is the difference between containment and corrective action?",
            "Containment or corrective action: what is {the difference|which}?",
        ),
        (
            "Containment protects the customer now, for example by blocking and sorting stock. Corrective action removes the cause, so that the defect is no longer made.",
            "Containment treats the parts that exist; corrective action treats the process that made them. You need the first at once and the second for good.",
        ),
    ),
    (
        ("What is an FMEA?", "{Explain|Tell me about} FMEA.", "What is a failure mode and effects analysis?"),
        (
            "An FMEA lists how a product or process can fail, rates severity, occurrence and detection of each failure, and sets actions for the highest risks before they happen.",
            "FMEA means failure mode and effects analysis: a team rates possible failures ahead of time and works on those with the highest priority.",
        ),
    ),
    (
        ("What is a limit sample?", "{Explain|Tell me about} limit samples.", "What are boundary samples?"),
        (
            "A limit sample is a real part that shows the worst condition still accepted. Inspectors compare doubtful parts with it, so that everyone decides alike.",
            "Limit samples show where good ends and bad begins. They are agreed with the customer, labelled, dated and renewed when they fade or wear.",
        ),
    ),
    (
        ("What is the difference between a false alarm and a missed defect?", "What are false rejects and escapes?"),
        (
            "A false reject is a good part that inspection throws out; an escape is a bad part that passes. The first costs money, the second costs trust, so thresholds weigh one against the other.",
            "Rejecting good parts wastes material, and passing bad ones reaches the customer. Lowering the threshold trades fewer escapes for more false rejects.",
        ),
    ),
    (
        ("What is an anomaly map?", "{Explain|What is} the heatmap?", "What are the colours in the heatmap?"),
        (
            "The anomaly map shows for each place of the image how much it deviates from what looks normal. Bright areas deserve a closer look; the mask is cut out of it.",
            "The heatmap is the anomaly map drawn over the image: the stronger the colour, the more suspicious the place.",
        ),
    ),
    (
        ("What are normal reference images{| for}?", "{Explain|Tell me about} reference mode.", "How many normal references should I check it against? What are they for?"),
        (
            "Normal references show me what a good part looks like. I compare every patch of the new image with them, which makes the verdict more reliable; four are usually enough.",
            "Give me a few images of good parts and I compare the new one with them patch by patch. They should show the same view and light.",
        ),
    ),
    (
        ("What is a poka-yoke?", "{Explain|Tell me about} poka-yoke."),
        (
            "A poka-yoke is a device or design that makes a mistake impossible or shows it at once, such as a fixture that accepts the part in one way only.",
            "Poka-yoke means mistake-proofing: shape, sensors or sequence keep a wrong part or step from going on.",
        ),
    ),
    (
        ("What is root cause analysis?", "{Explain|Tell me about} the five whys.", "How do I find a root cause?"),
        (
            "Root cause analysis asks why a defect arose until an answer is found that can be acted on. Five whys and the fishbone diagram are common tools; facts from the process should back each step.",
            "Ask why, check the answer with data, and ask again until removing the cause would have prevented the defect. Then prove it by switching the effect off and on.",
        ),
    ),
    (
        ("How should I light {the part|a shiny surface|a scratch} for inspection?", "{Which light is best|What lighting should I use} for {scratches|surface defects}?"),
        (
            "Low-angle light makes scratches and dents throw shadows, diffuse dome light calms reflections on shiny parts, and backlight shows outline and holes. Keep it constant between images.",
            "Use raking light for relief, diffuse light for gloss and backlight for contours. Fix camera, distance and exposure, so that images stay comparable.",
        ),
    ),
)
