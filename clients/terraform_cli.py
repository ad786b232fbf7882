"""Runs `terraform` or `tofu` with a built provider against a server, one folder with one state at a time."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

CONFIGURATIONS = Path(__file__).parent / "terraform"
"""Our configurations. `kinds` has a file for each kind of the provider."""

PROVIDER_VARIABLE = "COUNTERSIGN_TERRAFORM_PROVIDER"
"""The environment variable with the path of the built provider."""

MAXIMUM_SECONDS = 120
"""For one command. The provider waits and repeats a call that fails, so a failure takes longer than a success."""


def command() -> str | None:
    """The path of the program, if there is one."""
    return shutil.which("terraform") or shutil.which("tofu")


def missing() -> str | None:
    """What is missing for these tests."""
    if command() is None:
        return "there is neither terraform nor tofu here"
    if not os.environ.get(PROVIDER_VARIABLE):
        return f"{PROVIDER_VARIABLE} names no provider"
    return None


@dataclass
class Result:
    """What a command printed, one JSON object a line."""

    status: int
    messages: list[dict]
    text: str

    @cached_property
    def errors(self) -> list[dict]:
        """The diagnostics of errors. Those of a resource have its `address`."""
        found = (message.get("diagnostic") for message in self.messages)
        return [one for one in found if one and one["severity"] == "error"]

    def applied(self) -> dict[str, str]:
        """The actions that were completed, by address of the resource, without those that read data sources."""
        hooks = (message["hook"] for message in self.messages if message["type"] == "apply_complete")
        return {hook["resource"]["addr"]: hook["action"] for hook in hooks if hook["action"] != "read"}

    def described(self) -> str:
        """The errors in words, for a failed assertion."""
        return "\n".join(f"{one.get('address')}: {one['summary']}\n{one['detail']}" for one in self.errors)


@dataclass
class Workspace:
    """A folder with configurations and a state."""

    folder: Path
    address: str
    token: str
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        provider = Path(os.environ[PROVIDER_VARIABLE]).resolve().parent
        overrides = f'dev_overrides {{\n    "splunk-terraform/signalfx" = "{provider}"\n  }}'
        (self.folder / "terraform.rc").write_text(f"provider_installation {{\n  {overrides}\n}}\n")

    def add(self, *files: Path) -> None:
        """Copies configurations, files or folders, into the folder."""
        for file in files:
            copy = shutil.copytree if file.is_dir() else shutil.copy
            copy(file, self.folder / file.name)

    def apply(self, *arguments: str) -> Result:
        """Applies the configurations. Fails if that fails."""
        return self._succeed("apply", "-auto-approve", "-parallelism=10", *arguments)

    def destroy(self) -> Result:
        """Removes what the state lists. Fails if that fails."""
        return self._succeed("apply", "-destroy", "-auto-approve", "-parallelism=10", "-refresh=false")

    def try_apply(self, *arguments: str) -> Result:
        """Applies the configurations, with errors or without."""
        return self.run_json("apply", "-auto-approve", "-parallelism=10", *arguments)

    def plan(self, *arguments: str) -> Result:
        """Reads all objects and compares them with the configurations. Fails if that fails."""
        result = self.run_json("plan", "-detailed-exitcode", *arguments)
        assert result.status in (0, 2), result.described()
        return result

    def expect_no_changes(self) -> None:
        """Fails if a plan is not empty."""
        result = self.plan()
        if result.status != 0:
            raise AssertionError("the plan is not empty:\n" + self.run("plan", "-no-color").stdout)

    def read(self, *arguments: str) -> dict:
        """What a command that reads prints as JSON, such as `show -json`."""
        return json.loads(self.run(*arguments).stdout)

    def resources(self) -> list[dict]:
        """The managed resources of the state, those of modules included."""
        return _managed(self.read("show", "-json").get("values", {}).get("root_module", {}))

    def _succeed(self, *arguments: str) -> Result:
        result = self.run_json(*arguments)
        assert result.status == 0, result.described() + result.text[-6000:]
        return result

    def run_json(self, subcommand: str, *arguments: str) -> Result:
        """Runs a command with messages in JSON."""
        done = self.run(subcommand, "-json", "-input=false", *arguments, check=False)
        messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return Result(done.returncode, messages, done.stdout + done.stderr)

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Runs a command in the folder, with nothing of the user's own configuration."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TF_CLI_CONFIG_FILE": str(self.folder / "terraform.rc"),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "SFX_API_URL": self.address,
        }
        if self.token:
            environment["SFX_AUTH_TOKEN"] = self.token
        environment |= {f"TF_VAR_{name}": value for name, value in self.variables.items()}
        return subprocess.run(
            [command(), *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=check,
            timeout=MAXIMUM_SECONDS,
        )


def _managed(module: dict) -> list[dict]:
    """The managed resources of a module and of the modules in it."""
    own = [one for one in module.get("resources", []) if one["mode"] == "managed"]
    return own + [one for child in module.get("child_modules", []) for one in _managed(child)]
