"""Gives an export of ours to Label Studio's own converter and prints what it finds: per task the size, the boxes in pixels, and the pixels of each brush."""
import json
import os
import sys
import tempfile

import numpy as np
from label_studio_converter import Converter, brush

request = json.load(sys.stdin)
folder = request["folder"]
# Label Studio serves the files of a project under an address of its own; here they are found in the working directory.
os.chdir(folder)
converter = Converter(config="config.xml", project_dir=folder, download_resources=False)
schema = converter._schema
tasks = []
for item in converter.iter_from_json_file("tasks.json"):
    row = {"image": item["input"]["image"], "brushes": [], "choices": [], "texts": {}}
    for name, values in item["output"].items():
        assert name in schema, name
        for value in values:
            kind = value["type"].lower()
            if kind in ("brushlabels", "rectanglelabels"):
                # Label Studio refuses a label that its interface does not have.
                assert set(value[kind]) <= set(schema[name]["labels"]), (value[kind], schema[name]["labels"])
            if kind == "brushlabels":
                width, height = value["original_width"], value["original_height"]
                alpha = np.reshape(brush.decode_rle(value["rle"]), [height, width, 4])[:, :, 3]
                flat = (alpha > 127).astype(np.uint8)
                rows, columns = np.nonzero(flat)
                row["brushes"].append(
                    {
                        "label": value["brushlabels"][0],
                        "area": int(flat.sum()),
                        "box": [int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1],
                    }
                )
            elif kind == "choices":
                assert set(value["choices"]) <= set(schema[name]["labels"]), value["choices"]
                row["choices"] += value["choices"]
            elif kind == "textarea":
                row["texts"][name] = value["text"]
    tasks.append(row)

with tempfile.TemporaryDirectory() as out:
    converter.convert_to_coco("tasks.json", out, output_image_dir=os.path.join(out, "images"), is_dir=False)
    with open(os.path.join(out, "result.json"), encoding="utf8") as file:
        coco = json.load(file)
names = {category["id"]: category["name"] for category in coco["categories"]}
files = {image["id"]: image["file_name"] for image in coco["images"]}
boxes = [
    {"image": files[box["image_id"]], "label": names[box["category_id"]], "box": box["bbox"]}
    for box in coco["annotations"]
]
print(json.dumps({"tasks": tasks, "boxes": boxes}))
