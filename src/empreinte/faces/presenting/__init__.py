"""What every face writes alike."""
