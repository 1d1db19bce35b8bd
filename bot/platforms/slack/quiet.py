"""A log for libraries that tell too much: where in their code, and which kind of error, and no more.

Bolt logs the body of a request whose signature is wrong, and slack_sdk quotes the answer to a call
that failed, or the ticket of a socket.
"""

import logging


def quiet(name: str) -> logging.Logger:
    """A logger to hand to Bolt and slack_sdk: warnings and worse, without a word of what was in hand."""
    logger = logging.getLogger(f"{__name__}.{name}")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(one, _KindsOnly) for one in logger.filters):
        logger.addFilter(_KindsOnly())
    return logger


class _KindsOnly(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        raised = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = "%s.%s %s", (record.module, record.funcName, _kind(raised))
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def _kind(raised: type[BaseException] | None) -> str:
    return f"raised {raised.__name__}" if raised else "warns"
