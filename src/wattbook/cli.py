"""The command line."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import click

from wattbook import __version__
from wattbook.errors import InputError
from wattbook.paths import DATA, corpus_dir


class _Commands(click.Group):
    """A group whose input errors are one line on stderr and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InputError as error:
            click.echo(f"wattbook: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Read and check articles on AI, power and chips."""


def _text(file: str) -> str:
    """Read FILE (``-``: standard input) as one string of UTF-8; the offsets of every answer count into it."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(file, error.strerror or "cannot be read") from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}:{raw[: error.start].count(10) + 1}", "not valid UTF-8") from None


def _corpus(folder: Path | None) -> Path:
    found = folder or corpus_dir()
    if found is None:
        raise InputError("--corpus", "the articles are not here: name their folder, or set WATTBOOK_CORPUS")
    return found


def _json_line(row: dict[str, Any]) -> None:
    # JSON knows no NaN: a value that cannot be told is null.
    click.echo(json.dumps({k: None if v != v else v for k, v in row.items()}, ensure_ascii=False))


_engine = click.option("--engine", type=click.Choice(["auto", "jieba", "rjieba"]), default="auto", show_default=True)
_folder = click.Path(path_type=Path)


@main.command()
@click.argument("folder", metavar="DIR", type=_folder)
@click.option("--out", type=_folder, default=DATA / "features", help="Where the tables go.  [default: data/features]")
@_engine
@click.option("--workers", type=click.IntRange(min=1), help="Processes to use.  [default: one per core]")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Run on the Dask cluster at this address instead and write each table as a folder of Parquet files.  The"
    " articles are read and the tables written here; the workers need the same wattbook and word lists.",
)
def ingest(folder: Path, out: Path, engine: Any, workers: int | None, scheduler: str | None) -> None:
    """Derive the features of the articles in DIR."""
    from wattbook.corpus import stream_corpus
    from wattbook.ingest import ingest as derive

    # A request to stop is answered as Ctrl+C is: what was begun is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Reading is cheap: all faults show before the work begins.
    count = sum(1 for _ in stream_corpus(folder))
    quiet = not sys.stderr.isatty()
    with click.progressbar(length=count, label="articles", file=sys.stderr, hidden=quiet) as progress:
        derive(folder, out, engine=engine, workers=workers, scheduler=scheduler, advance=progress.update)
    click.echo(f"{count} articles -> {out}")


@main.command()
@click.argument("file")
@_engine
def tokens(file: str, engine: Any) -> None:
    """Cut FILE (or -) into tokens: JSON lines with offsets."""
    from wattbook.segment import Segmenter

    for token in Segmenter(engine).tokens(_text(file)):
        _json_line(token._asdict())


@main.command()
@click.argument("file")
def quantities(file: str) -> None:
    """Find the numbers that measure something in FILE (or -): JSON lines with offsets."""
    from wattbook.quantities import find_quantities

    for quantity in find_quantities(_text(file)):
        _json_line(quantity._asdict())


@main.command()
@click.option("--corpus", type=_folder, help="Folder of the articles.")
@click.pass_context
def verify(ctx: click.Context, corpus: Path | None) -> None:
    """Check that every claim's span shows its number; exit 1 and a list where not."""
    from wattbook.corpus import read_corpus
    from wattbook.ledger import load_claims
    from wattbook.ledger import verify as verify_claims

    claims = load_claims()
    problems = verify_claims(claims, read_corpus(_corpus(corpus)))
    for problem in problems:
        click.echo(f"claims.csv:{problem.line}: {problem.claim_id}: {problem.what}", err=True)
    if problems:
        ctx.exit(1)
    click.echo(f"{len(claims)} claims verified")


@main.command()
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def audit(form: str) -> None:
    """Do the sums that the articles invite and judge them."""
    from wattbook.audit import render, run_audit

    click.echo(render(run_audit(), form), nl=False)


@main.command()
@click.argument("term")
@click.option("--corpus", type=_folder, help="Folder of the articles.")
@click.option("--window", type=click.IntRange(min=0), default=20, show_default=True, help="Characters on each side.")
@click.option("--regex", is_flag=True, help="TERM is a regular expression.")
@click.option(
    "--sort",
    type=click.Choice(["position", "left", "right"]),
    default="position",
    show_default=True,
    help="Order of the lines: left reads outwards from TERM.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def kwic(term: str, corpus: Path | None, window: int, regex: bool, sort: Any, form: Any) -> None:
    """Show TERM in context, on your own copy of the articles; both scripts match."""
    from wattbook.corpus import read_corpus
    from wattbook.kwic import kwic as find
    from wattbook.kwic import render, term_pattern

    try:
        term_pattern(term, regex=regex)
    except ValueError as error:
        raise InputError("TERM", str(error)) from None
    click.echo(render(find(read_corpus(_corpus(corpus)), term, window, regex=regex, sort=sort), form), nl=False)


@main.command()
@click.argument("part_id", metavar="ID")
@click.option(
    "--format", "form", type=click.Choice(["bibtex", "ris", "csl-json", "text"]), default="text", show_default=True
)
@click.option("--style", type=click.Choice(["apa", "chicago"]), default="apa", show_default=True, help="Of the text.")
def cite(part_id: str, form: str, style: str) -> None:
    """Cite a section (sec-…), figure (fig-…), table (tbl-…), claim (claim-…) or check (check-…) of the book."""
    from wattbook.cite import cite as cited

    click.echo(cited(part_id, form, style=style))
