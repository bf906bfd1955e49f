UPDATE Image SET pages = 3, low = 200, high = 2800.5;
UPDATE Share SET membersOnly = true;
