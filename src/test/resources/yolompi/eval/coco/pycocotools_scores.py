"""Writes pycocotools' metrics of FOLDER/*-gt.json and *-dt.json: name -> {coco, ap}; ap has a value per category, by id."""
import contextlib
import io
import json
import pathlib
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def scores(truth_file, found_file):
    truth = COCO(str(truth_file))
    evaluation = COCOeval(truth, truth.loadRes(str(found_file)), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    precision = evaluation.eval["precision"][:, :, :, 0, 2]
    by_class = [precision[:, :, k] for k in range(precision.shape[2])]
    return {
        "coco": evaluation.stats.tolist(),
        "ap": [float(p[p > -1].mean()) if (p > -1).any() else -1.0 for p in by_class],
    }


folder = pathlib.Path(sys.argv[1])
result = {}
for truth_file in sorted(folder.glob("*-gt.json")):
    name = truth_file.name[: -len("-gt.json")]
    with contextlib.redirect_stdout(io.StringIO()):
        result[name] = scores(truth_file, folder / f"{name}-dt.json")
json.dump(result, sys.stdout)
