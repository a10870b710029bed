"""Who is on duty, who comes next, where somebody is missing, and the key periods of the bureau."""
