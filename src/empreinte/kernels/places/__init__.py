"""Where positions stay: places, home and work, absences."""
