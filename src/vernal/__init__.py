"""What a ketamine treatment programme runs on."""

__version__ = "0.1.0"
