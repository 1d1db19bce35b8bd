"""The bot on Slack: hears events, presses and forms, says cards as Block Kit."""
