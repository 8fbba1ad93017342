"""MODEL_CARD.md and the results in README.md, written from the metrics: `python -m pipeline.model_card`."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from textwrap import TextWrapper
from typing import Any

from pipeline.base_encoder import PACKAGES
from pipeline.corpus import corpus_files, read_articles
from pipeline.encoder_files import EncoderCard, read_card
from pipeline.ledger.results import ledger_results
from pipeline.params import Params, read_params
from pipeline.paths import Paths
from pipeline.rendering import environment, share
from pipeline.report_files import read_metrics
from pipeline.roles import has_rules_for
from pipeline.stages import run_stage
from pipeline.writing import decode, replacing

Metrics = Mapping[str, Any]

_WIDTH = 120  # letters of a line in a list
_LEDGER = re.compile(r"(?<=<!-- ledger -->\n).*?(?=<!-- /ledger -->)", re.DOTALL)
_RESULTS = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- /results -->)", re.DOTALL)


def card(paths: Paths) -> str:
    """Return the model card of the checkout: what its metrics, parameters, encoder and corpus say; what they lack is left out.

    Raises
    ------
    InputError
        If the metrics or the parameters cannot be read.
    ModelError
        If the parameters ask for an encoder and its folder holds none.
    """
    metrics, params = read_metrics(paths.metrics), read_params(paths.params)
    counts = Counter[str](dict.fromkeys(params.labels, 0))
    articles = 0
    for article in read_articles(corpus_files(paths.root / params.split.corpus), params.labels):
        articles += 1
        counts.update(sentence.label for sentence in article.sentences)
    encoder = _encoder(paths, params)
    return environment(html=False).get_template("model_card.md.j2").render(
        metrics=metrics, params=params, labels=list(metrics["test"]["f1"]), roles=has_rules_for(params.labels),
        articles=articles, counts=counts, encoder=encoder, packages=PACKAGES.get(encoder.base) if encoder else None,
        columns=_columns(metrics), notes=notes(metrics), worst=_worst(metrics["test"]["f1"]),
    )  # fmt: skip


def with_results(readme: str, metrics: Metrics) -> str:
    """Return the text of the README with what stands between the marks of its results written anew."""
    return _LEDGER.sub(lambda _: ledger_results(metrics), _RESULTS.sub(lambda _: results(metrics), readme))


def results(metrics: Metrics) -> str:
    """Return the results as Markdown: the table of systems and labels, then what else was measured."""
    test = metrics["test"]
    labels = list(test["f1"])
    lines = ["| | macro-F1 | 95 % | accuracy | " + " | ".join(f"{label} P / R / F1" for label in labels) + " |"]
    lines.append("|---|---|---|---|" + "---|" * len(labels))
    interval = f"{test['macro_f1_low']:.2f} to {test['macro_f1_high']:.2f}" if "macro_f1_low" in test else ""
    lines.append(f"| **model** | **{test['macro_f1']:.2f}** | {interval} | {test['accuracy']:.2f} | {_by_label(test)} |")
    for name in ("cue_rules", "majority"):
        if name in test:
            found = test[name]
            empty = " |" * len(labels)
            lines.append(f"| {name.replace('_', ' ')} | {found['macro_f1']:.2f} | | {found['accuracy']:.2f} |{empty}")
    if "demonstration" in metrics:
        seed = metrics["demonstration"]
        lines.append(f"| model on the seed article | {seed['macro_f1']:.2f} | | {seed['accuracy']:.2f} | {_by_label(seed)} |")
    return "\n".join([*lines, "", notes(metrics)]) + "\n"


def _by_label(part: Metrics) -> str:
    found = [[part[kind][label] for kind in ("precision", "recall", "f1")] for label in part["f1"]]
    return " | ".join(" / ".join("–" if value is None else f"{value:.2f}" for value in values) for values in found)


def notes(metrics: Metrics) -> str:
    """Return a list in Markdown of what was measured beside the labels; what was not measured is left out."""
    wrap = TextWrapper(_WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
    return "\n".join(wrap.fill(note) for note in _notes(metrics))


def _notes(metrics: Metrics) -> Iterator[str]:
    test = metrics["test"]
    if "calibration_error" in test:
        yield f"**Calibration**: the expected calibration error of the label's probability is {test['calibration_error']:.3f}."
    folds = metrics.get("cross_validation", {})
    if folds.get("macro_f1_mean") is not None:
        yield (
            f"**Cross-validation** by groups of articles, {folds['folds']} folds, without the encoder: macro-F1 "
            f"{folds['macro_f1_mean']:.3f} ± {folds['macro_f1_sd']:.3f}."
        )
    if selective := metrics.get("selective"):
        right = ", ".join(f"{share(found['accuracy'])} of the surest {share(float(at))}" for at, found in selective.items())
        yield f"**Labelling only what is sure**: right are {right} of the sentences."
    if sets := metrics.get("conformal"):
        yield (
            f"**Label sets** promised to hold the right label in {share(sets['target'], 1)} of the sentences do in "
            f"{share(sets['coverage'], 1)}, with {sets['mean_size']:.2f} labels on average; {share(sets['needs_review'])} of "
            "the sentences get more than one and are marked for review."
        )
    yield from _neutrality(metrics.get("neutrality") or {})
    if found := metrics.get("behaviour"):
        yield (
            f"**[Behaviour](data/README.md#behavioural-cases)**: both labels are right in {share(found['pairs_right'])} of the "
            f"minimal pairs; of the changes that should move a label {share(found['moves_seen'])} do, of those that should not "
            f"{share(found['stays_kept'])} leave it alone; {share(found['perturbations_kept'])} of the labels survive typos "
            "and the like."
        )


def _neutrality(found: Metrics) -> Iterator[str]:
    texts = {"written": "parties in written cases", "generated": "names in the test articles"}
    told = [
        f"{share(found[kind]['flip_rate'], 1)} of {found[kind]['sentences']:,} labels flip when {text} are exchanged"
        + _by_party(found[kind])
        for kind, text in texts.items()
        if found.get(kind, {}).get("sentences")
    ]
    if told:
        together = found.get("together", {})
        whole = f"; {share(rate, 1)} of all" if (rate := together.get("flip_rate")) is not None else ""
        if "flip_rate_low" in together:
            whole += f" (95 % interval {share(together['flip_rate_low'], 1)} to {share(together['flip_rate_high'], 1)})"
        yield f"**Neutrality**: {'; '.join(told)}{whole}. The pipeline fails above {share(found['limit'], 1)} of all."


def _by_party(written: Metrics) -> str:
    rates = {way: written.get(way, {}).get("flip_rate") for way in ("named", "described")}
    if None in rates.values():
        return ""
    return (
        f" ({share(rates['named'], 1)} where both have a name, {share(rates['described'], 1)} where one is called what it is)"
    )


def _columns(metrics: Metrics) -> dict[str, Metrics]:
    """Return what was measured by label beside precision, recall and F1, by the name of its column."""
    found = {
        "calibration error": metrics["test"].get("by_label_calibration_error"),
        "Brier": metrics["test"].get("by_label_brier"),
        "label sets that hold it": metrics.get("conformal", {}).get("coverage_by_label"),
        "labels in a set": metrics.get("conformal", {}).get("size_by_label"),
    }
    return {name: values for name, values in found.items() if values}


def _worst(f1: Mapping[str, float | None]) -> str:
    return min(f1, key=lambda label: 1.0 if f1[label] is None else f1[label] or 0.0)


def _encoder(paths: Paths, params: Params) -> EncoderCard | None:
    return None if params.featurize.encoder == "none" else read_card(paths.encoder)


def main(paths: Paths) -> str:
    """Write the card and the README's results and return the closing line."""
    written = {
        paths.root / "MODEL_CARD.md": card(paths),
        paths.root / "README.md": with_results(decode(paths.root / "README.md"), read_metrics(paths.metrics)),
    }
    for path, text in written.items():
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return f"model_card: {paths.shown(paths.metrics)} in, {' and '.join(path.name for path in written)} out"


if __name__ == "__main__":
    run_stage(main)
