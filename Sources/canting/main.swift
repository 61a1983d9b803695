import CantingCommand

await Canting.main()
