"""Logs: one JSON object a line on standard error, whoever writes it."""

import logging
import sys

import structlog

STEPS = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
JSON = structlog.processors.JSONRenderer(ensure_ascii=False)


def write_json_lines() -> None:
    """Let our own log and that of every library write JSON lines; where logging is set up already, it stays so.

    A trace holds no local values, since these may be confidential.
    """
    structlog.configure(
        processors=[*STEPS, JSON],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
    if logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=STEPS,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, JSON],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
