"""Write ``docs/reference``: what Shift-Tab shows, page by page, from the docstrings.

``make reference`` runs it; a test holds the committed pages equal to what it would write.
"""

import ast
import importlib
import inspect
import json
import re
import sys
import textwrap
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference"
FACES = {
    "yuyao_lib": "The names to start with",
    "yuyao_lib.display": "What a notebook shows",
    "yuyao_lib.sources.own": "Your own tables",
    "yuyao_lib.sources": "Data sets",
    "yuyao_lib.findings": "Estimates, findings, comparison",
}
ALWAYS = ("inference", "power", "specifications")
PASSED_ON = {"display", "methods", "sources", "__version__", "Dataset", "Estimate", "Finding"}
INVENTED = "yuyao_lib.display.gallery"  # numbers for pictures, of no use elsewhere
FULLY = {"Dataset"}  # whose methods are told like functions
MORE = """# What single notebooks use besides

The parts of charts and tables in [the gallery](../gallery.ipynb), and what only some
notebooks take from other modules."""
HEADING = re.compile(r"^(\w[\w ]+)\n-{3,}$", re.MULTILINE)


def imported() -> set[tuple[str, str]]:
    """Return what the notebooks import from this package, as modules and names."""
    found = set()
    for path in [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "docs").glob("*.ipynb")]:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for node in ast.walk(ast.parse("".join(cell["source"]))) if is_code(cell) else ():
                if isinstance(node, ast.ImportFrom) and node.module.startswith("yuyao_lib"):
                    found |= {(node.module, name.name) for name in node.names}
    return found


def methods() -> list[str]:
    """Return the modules of methods that notebooks start from."""
    return sorted({*ALWAYS, *(n for module, n in imported() if module == "yuyao_lib.methods")})


def besides() -> dict[str, list[str]]:
    """Return the names that no other page tells, by their module."""
    found: dict[str, set[str]] = {}
    for module, name in imported():
        whole = f"{module}.{name}"
        if module in ("yuyao_lib.methods", INVENTED) or whole in FACES:
            continue
        held = importlib.import_module(module)
        if not hasattr(held, name) or inspect.ismodule(getattr(held, name)):
            found.setdefault(whole, set()).update(defined(importlib.import_module(whole)))
        elif module not in FACES:
            found.setdefault(module, set()).add(name)
    return {module: sorted(found[module], key=str.casefold) for module in sorted(found)}


def defined(home: object) -> list[str]:
    """Return the functions and classes of a module."""
    held = {name: getattr(home, name) for name in home.__all__}
    return [n for n, thing in held.items() if inspect.isfunction(thing) or inspect.isclass(thing)]


def more() -> str:
    """Return the page of those names."""
    parts = [MORE]
    for module, names in besides().items():
        home = importlib.import_module(module)
        parts += [f"## {module}", prose(inspect.getdoc(home) or "")]
        parts += [entry(name, getattr(home, name), mark="###") for name in names]
    return "\n\n".join(part for part in parts if part) + "\n"


def is_code(cell: dict) -> bool:
    return cell["cell_type"] == "code"


def page(module: str) -> str:
    """Return the page of one module."""
    home = importlib.import_module(module)
    shown = [n for n in home.__all__ if module != "yuyao_lib" or n not in PASSED_ON]
    parts = [f"# {module}", prose(inspect.getdoc(home) or "")]
    parts += [entry(name, getattr(home, name)) for name in sorted(shown, key=str.casefold)]
    return "\n\n".join(part for part in parts if part) + "\n"


def entry(name: str, thing: object, mark: str = "##") -> str:
    """Return what is said of one name."""
    words = inspect.getdoc(thing) if callable(thing) else None
    if inspect.isclass(thing):
        head, more = f"{mark} class {name}", [members(thing), *full(name, thing, mark)]
    elif inspect.isfunction(thing):
        head, more = f"{mark} {name}\n\n```text\n{called(name, thing)}\n```", []
    else:
        return f"{mark} {name}\n\nA constant of type `{type(thing).__name__}`."
    return "\n\n".join(part for part in [head, prose(words or ""), *more] if part)


def full(name: str, kind: type, mark: str) -> list[str]:
    """Return the methods of a class told like functions, of the classes one works with."""
    held = vars(kind).items() if name in FULLY else ()
    told = [(n, f) for n, f in held if inspect.isfunction(f) and "Parameters" in (f.__doc__ or "")]
    return [entry(f"{name}.{n}", function, f"{mark}#") for n, function in told]


def called(name: str, function: object) -> str:
    """Return a signature, one line an argument where it is long."""
    signature = inspect.signature(function)
    inside, starred = [], False
    for p in signature.parameters.values():
        if p.name == "self":
            continue
        if p.kind is p.VAR_POSITIONAL:
            starred = True
        elif p.kind is p.KEYWORD_ONLY and not starred:
            inside.append("*")
            starred = True
        inside.append(argument(p))
    back = signature.return_annotation
    end = "" if back is inspect.Signature.empty else f" -> {back}"
    line = f"{name}({', '.join(inside)}){end}"
    long = f"{name}(\n" + "".join(f"    {part},\n" for part in inside) + f"){end}"
    return line if len(line) <= 88 else long


def argument(p: inspect.Parameter) -> str:
    """Return one argument as it is written in the code."""
    stars = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
    kind = "" if p.annotation is p.empty else f": {p.annotation}"
    default = "" if p.default is p.empty else f" = {p.default!r}" if kind else f"={p.default!r}"
    return f"{stars}{p.name}{kind}{default}"


def members(kind: type) -> str:
    """Return the public methods a class declares, a line each."""
    rows = []
    for name, held in vars(kind).items():
        function = held.fget if isinstance(held, property) else getattr(held, "__func__", held)
        if name.startswith("_") or not inspect.isfunction(function) or not function.__doc__:
            continue
        brackets = "" if isinstance(held, property) else f"({arguments(function)})"
        rows.append(f"- `.{name}{brackets}`: {function.__doc__.strip().splitlines()[0]}")
    return "\n".join(rows)


def arguments(function: object) -> str:
    """Return the names of a method's arguments, with what they are when left out."""
    told, starred = [], False
    for p in list(inspect.signature(function).parameters.values())[1:]:
        if p.kind is p.KEYWORD_ONLY and not starred:
            told.append("*")
            starred = True
        told.append(p.name if p.default is p.empty else f"{p.name}={p.default!r}")
    return ", ".join(told)


def prose(doc: str) -> str:
    """Turn a NumPy docstring into Markdown."""
    pieces = HEADING.split(doc)
    parts = [inline(pieces[0].strip())]
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        lines = body.strip("\n")
        if title == "Examples":
            parts.append(f"**Examples**\n\n```pycon\n{lines.strip()}\n```")
        elif title in {"Notes", "References"}:
            parts.append(f"**{title}**\n\n{inline(lines.strip())}")
        else:
            parts.append(f"**{title}**\n\n{listed(lines)}")
    return "\n\n".join(part for part in parts if part)


def listed(body: str) -> str:
    """Turn the entries of a section into a list."""
    items: list[list[str]] = []
    for line in body.splitlines():
        if line and not line.startswith(" "):
            items.append([line])
        elif items and line.strip():
            items[-1].append(line)
    rows = []
    for name, *rest in items:
        words = " ".join(textwrap.dedent("\n".join(rest)).split())
        rows.append(f"- `{name}`: {inline(words)}" if words else f"- {inline(name)}")
    return "\n".join(rows)


def inline(text: str) -> str:
    """Turn the marks of reStructuredText into those of Markdown."""
    text = re.sub(r":math:`([^`]*)`", lambda m: "$" + " ".join(m[1].split()) + "$", text)
    text = re.sub(r"``([^`]+)``", r"`\1`", text)
    return re.sub(r"\.\. math::\n+((?:[ \t]+.*\n?)+)", lambda m: f"$${m[1].strip()}$$", text)


def commands() -> str:
    """Return the page of the command line."""
    from yuyao_lib.cli import COMMANDS, cli

    parts = ["# The command line", "What `yuyao COMMAND --help` says."]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        settings = {"terminal_width": 88, **cli.context_settings}  # as the command line has them
        context = click.Context(command, info_name=f"yuyao {name}", **settings)
        parts.append(f"## yuyao {name}\n\n```text\n{command.get_help(context)}\n```")
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """Return every page by file name."""
    made = {f"{module.rpartition('.')[2]}.md": page(module) for module in FACES}
    made |= {f"methods_{name}.md": page(f"yuyao_lib.methods.{name}") for name in methods()}
    made["more.md"] = more()
    made["command_line.md"] = commands()
    rows = [f"- [{FACES[m]}]({m.rpartition('.')[2]}.md): `{m}`" for m in FACES]
    for name in methods():
        first = importlib.import_module(f"yuyao_lib.methods.{name}").__doc__.splitlines()[0]
        rows.append(f"- [{name.replace('_', ' ')}](methods_{name}.md): {inline(first)}")
    rows.append("- [What single notebooks use besides](more.md)")
    rows.append("- [The command line](command_line.md): `yuyao`")
    top = "# Reference\n\nWritten from the docstrings by `make reference`; the examples in them are"
    made["README.md"] = (
        f"{top} run\nby the tests. The guide is [user-guide.md](../user-guide.md).\n\n"
    )
    made["README.md"] += "\n".join(rows) + "\n"
    return made


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(made)} pages in docs/reference\n")


if __name__ == "__main__":
    main()
