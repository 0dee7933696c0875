"""The project's own source, read as text and as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "messages", "storage")


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.place)

    @cached_property
    def imports(self) -> frozenset[str]:
        """What it imports: `from a import b` counts as `a`, and as `a.b` where that is a module."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                modules = {name for name in inner if is_module(name)}
                found |= modules
                # With nothing but modules taken, their package is only the way to them.
                if modules != inner:
                    found.add(node.module)
        return frozenset(found)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def sources(*folders: str) -> Iterator[Source]:
    """Every Python file below the folders, those that do not exist yet left out."""
    for folder in folders:
        yield from (Source(path) for path in sorted((ROOT / folder).rglob("*.py")))


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
