"""Reads a COCO file with pycocotools and prints, per annotation, the stated area and the one of its decoded mask."""
import contextlib
import io
import json
import sys

from pycocotools.coco import COCO

with contextlib.redirect_stdout(io.StringIO()):
    coco = COCO(json.load(sys.stdin)["file"])
rows = []
for annotation in coco.loadAnns(coco.getAnnIds()):
    mask = coco.annToMask(annotation)
    image = coco.loadImgs(annotation["image_id"])[0]
    rows.append(
        {
            "stated": annotation["area"],
            "decoded": int(mask.sum()),
            "shape": list(mask.shape),
            "size": [image["height"], image["width"]],
        }
    )
print(json.dumps(rows))
