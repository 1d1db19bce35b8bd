"""The bot on Microsoft Teams: hears activities, says cards as Adaptive Cards."""
