mod whether_a_season;
