"""The policy pages: what a citation's link opens. They show published text and change nothing.

They also carry what every page wears: the style sheet and icon under /static, and /healthz.
"""

from bot.pages.policies import routes

__all__ = ["routes"]
