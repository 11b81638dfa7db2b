"""What the package says of itself where it is published: README, its links made to lead somewhere.

An index of packages has no file of the repository, so links and pictures are absolute where the repository is known,
which GitHub tells its jobs. Elsewhere nobody knows it: then a link is its text, the pictures are left out, and no
address is claimed.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^]]*)\]\((?P<target>(?!\w+:)[^)]+)\)")
_TABLE_OF_PICTURES = re.compile(r"^\|.*\|\n\|[-|]+\|\n\|.*!\[.*\n+", re.MULTILINE)


class PublishedMetadata(MetadataHookInterface):
    """Sets what pyproject.toml names under `dynamic`."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the long description, and the addresses where they are known."""
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        repository = repository_of(os.environ)
        text = long_description(readme, repository, metadata["version"])
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        metadata["urls"] = addresses(repository, metadata["version"]) if repository else {}


def addresses(repository: str, version: str) -> dict[str, str]:
    """Name what a repository shows of one release."""
    return {
        "Repository": repository,
        "Documentation": f"{repository}/tree/v{version}/docs",
        "Changelog": f"{repository}/blob/v{version}/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    }


def repository_of(environment: Mapping[str, str]) -> str | None:
    """Address of the repository that a job of GitHub builds; None anywhere else."""
    if {"GITHUB_SERVER_URL", "GITHUB_REPOSITORY"} <= environment.keys():
        return f"{environment['GITHUB_SERVER_URL']}/{environment['GITHUB_REPOSITORY']}"
    return None


def long_description(readme: str, repository: str | None, version: str) -> str:
    """README with links and pictures that do not need the repository beside it."""
    if repository is None:
        return _LINK.sub(r"\g<text>", _TABLE_OF_PICTURES.sub("", readme))
    kinds = {"": "blob", "!": "raw"}
    return _LINK.sub(
        lambda link: (
            f"{link['picture']}[{link['text']}]({repository}/{kinds[link['picture']]}/v{version}/{link['target']})"
        ),
        readme,
    )
