"""Sources of records, found by name.

Owns the table of names. A provider's module is imported when it is asked for, so that nobody pays for
a client library that is not used.
"""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from cecil.errors import UsageError

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider

PROVIDERS = {
    "file": ("cecil.providers.generic.file", "FileProvider"),
    "stdin": ("cecil.providers.generic.file", "StdinProvider"),
    "db": ("cecil.providers.generic.database", "DatabaseProvider"),
    "mock": ("cecil.providers.mock", "MockDataProvider"),
    "aws-logs": ("cecil.providers.cloud.aws_logs", "AwsLogsProvider"),
    "gcp": ("cecil.providers.cloud.gcp_logging", "GcpLoggingProvider"),
    "aws-s3": ("cecil.providers.cloud.aws_s3", "AwsS3Provider"),
    "azure": ("cecil.providers.cloud.azure_monitor", "AzureMonitorProvider"),
}
"""Name: module, class. It is the name on the command line, but that `aws` is one of two."""


def provider_class(name: str) -> "Callable[..., BaseDataProvider]":
    """The class of a provider; each takes arguments of its own.

    Raises:
        UsageError: no provider has that name.
    """
    if name not in PROVIDERS:
        raise UsageError(f"no source {name}", hint="sources are " + ", ".join(sorted(PROVIDERS)))
    module, attribute = PROVIDERS[name]
    found: type[BaseDataProvider] = getattr(importlib.import_module(module), attribute)
    return found
