"""What reading an application's code for its policy costs: CPU seconds, memory and steps."""
